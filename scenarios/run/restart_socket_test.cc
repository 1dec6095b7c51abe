// Servers that restart during a run in the socket world: their connections break, nobody can dial
// them, and when they are back their clients bring back what they lost. Devices and pauses make the
// runs last until then, however fast the machine is.
#include <gtest/gtest.h>

#include "scenarios/run/sharing_scenario_testing.h"

namespace scenarios {
namespace {

// Two clients write a file each, for two seconds at least, and read each other's back.
constexpr std::string_view kWriters = R"({
  "name": "t",
  "world": "socket",
  "cluster": {
    "osts": 2, "oss": 2, "hardware": "null",
    "overrides": {
      "store": "memory",
      "ost_device": {"nvme": {"channels": 1, "write_rate": "8MiB/s", "write_latency": "10us"}}
    }
  },
  "clients": [{
    "count": 2,
    "design": {"preset": "lustre", "coherence": "ldlm", "max_rpc_size": "1MiB",
               "ping_interval": "1s", "rpc_timeout": "10s"},
    "workload": {"ior": "-w -r -e -F -C -t 1m -b 16m"}
  }],
  "layout": "-c 2 -S 1M",
  "verify": true
})";

class RestartSocket : public testing::TestWithParam<const char*> {
 protected:
  static std::vector<std::string> faults(const std::string& server) {
    const std::string oss = R"({"at": "1s", "for": "500ms", "restart": "oss0"})";
    const std::string mds = R"({"at": "1s", "for": "300ms", "restart": "mds0"})";
    const std::string all = server == "oss0" ? oss : server == "mds0" ? mds : mds + ", " + oss;
    return {"world=socket", "faults=[" + all + "]"};
  }
  static std::size_t servers(std::string_view server) { return server == "both" ? 2 : 1; }

  void expect_recovered(const reports::Result& result) const {
    ASSERT_TRUE(result.liveness.has_value());
    const reports::Liveness& liveness = *result.liveness;
    EXPECT_EQ(liveness.recoveries.size(), servers(GetParam()));
    for (const reports::Recovery& recovery : liveness.recoveries) {
      EXPECT_GT(recovery.time, sim::Duration()) << recovery.server << " did not end its recovery";
      EXPECT_GT(recovery.clients, 0u) << recovery.server;
      EXPECT_EQ(recovery.evicted, 0u) << recovery.server;
    }
    EXPECT_GT(liveness.reconnects, 0u);
    EXPECT_EQ(liveness.evictions, 0u);
    EXPECT_EQ(liveness.lost_bytes, 0u);
    EXPECT_EQ(liveness.unknown_bytes, 0u);
    EXPECT_EQ(liveness.lost_changes, 0u);
    EXPECT_EQ(liveness.leaked_locks, 0u);
  }
};

TEST_P(RestartSocket, WhatWasWrittenIsThereAfterwards) {
  const reports::Result result = run_text(kWriters, faults(GetParam()));
  expect_recovered(result);
  const reports::PhaseResult read = phase_of(result, "read");
  ASSERT_TRUE(read.verification.has_value());
  EXPECT_EQ(read.bytes, 32 * sim::kMiB);
  EXPECT_EQ(read.verification->words_checked, read.bytes / 8);
  EXPECT_EQ(read.verification->words_bad, 0u);
}

// Each rank pauses for 3 s in all.
TEST_P(RestartSocket, NoReadIsStaleAndNothingSyncedIsLost) {
  const std::string clients = group_of(
      R"("count": 3, "design": {"preset": "lustre", "coherence": "ldlm", "ping_interval": "1s",
                                "rpc_timeout": "10s"})",
      R"("pattern": "random_mix", "rounds": 60, "think": "50ms", "write_percent": 50,
         "file_size": "256KiB", "fsync": true)");
  std::vector<std::string> sets = faults(GetParam());
  sets.push_back("cluster.overrides.store=memory");
  sets.push_back("cluster.oss=2");
  const reports::Result result = share(clients, sets);
  expect_recovered(result);
  expect_coherent(result);
  EXPECT_GT(judged(result).blocks.staleness.reads, 0u);
  EXPECT_EQ(judged(result).lost, 0u);
  EXPECT_EQ(judged(result).lost_after_fsync, 0u);
}

INSTANTIATE_TEST_SUITE_P(Of, RestartSocket, testing::Values("oss0", "mds0", "both"),
                         [](const auto& instance) { return std::string(instance.param); });

}  // namespace
}  // namespace scenarios
