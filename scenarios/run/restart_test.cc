// Servers that restart during a run: what was written is there when it ends.
#include "scenarios/run/run_testing.h"

namespace scenarios {
namespace {

// Two clients write a file each, wait, and read each other's back, while a server restarts. They
// begin to write at 20 s.
constexpr std::string_view kWriters = R"({
  "name": "t",
  "cluster": {"osts": 2, "oss": 2, "hardware": "null", "overrides": {"store": "memory"}},
  "clients": [{"count": 2, "design": {"coherence": "ldlm"},
               "workload": {"ior": "-w -r -e -F -C -t 1m -b 16m -d 20"}}],
  "layout": "-c 2 -S 1M",
  "verify": true,
  "faults": [{"at": "20.006s", "for": "2s", "restart": "oss0"}]
})";

TEST(Restart, WhatWasWrittenIsThereAfterwards) {
  const reports::Result result = run_text(kWriters, {});
  ASSERT_TRUE(result.liveness.has_value());
  ASSERT_EQ(result.liveness->recoveries.size(), 1u);
  const reports::Recovery& recovery = result.liveness->recoveries.front();
  EXPECT_EQ(recovery.server, "oss0");
  EXPECT_GT(recovery.replayed_requests, 0u) << "it stopped while they were writing";
  EXPECT_GT(recovery.time, sim::Duration());
  EXPECT_EQ(recovery.evicted, 0u);
  EXPECT_EQ(result.liveness->lost_bytes, 0u);
  EXPECT_EQ(result.liveness->leaked_locks, 0u);
}

TEST(Restart, OfMetadataAndObjectServersLosesNothing) {
  const std::vector<std::string> sets = {R"(faults=[
      {"at": "20.001s", "for": "2s", "restart": "mds0"},
      {"at": "20.004s", "for": "3s", "restart": "oss0"}])"};
  const reports::Result result = run_text(kWriters, sets);
  ASSERT_TRUE(result.liveness.has_value());
  ASSERT_EQ(result.liveness->recoveries.size(), 2u);
  for (const reports::Recovery& recovery : result.liveness->recoveries) {
    EXPECT_GT(recovery.time, sim::Duration()) << recovery.server;
    EXPECT_EQ(recovery.evicted, 0u) << recovery.server;
  }
  EXPECT_GT(result.liveness->recoveries.front().replayed_requests, 0u);
  EXPECT_EQ(result.liveness->lost_bytes, 0u);
  EXPECT_EQ(result.liveness->lost_changes, 0u);
  EXPECT_EQ(result.liveness->leaked_locks, 0u);
}

TEST(Restart, LosesTheFilesOfAClientThatDoesNotComeBackAndTellsThat) {
  const std::vector<std::string> sets = {R"(faults=[
      {"at": "20.001s", "for": "400s", "silent_client": "lustre0"},
      {"at": "20.002s", "for": "1s", "restart": "mds0"}])"};
  const reports::Result result = run_anyhow(kWriters, sets);
  ASSERT_TRUE(result.liveness.has_value());
  EXPECT_EQ(result.liveness->recoveries.front().evicted, 1u);
  EXPECT_EQ(result.liveness->lost_changes, 1u);
  EXPECT_FALSE(result.errors.empty());
}

TEST(Restart, IsTheSameEachTime) {
  for (const char* server : {"oss0", "mds0"}) {
    const std::vector<std::string> sets = {std::string("faults[0].restart=") + server};
    const reports::Result one = run_anyhow(kWriters, sets);
    const reports::Result two = run_anyhow(kWriters, sets);
    EXPECT_EQ(one.context.digest, two.context.digest);
  }
}

}  // namespace
}  // namespace scenarios
