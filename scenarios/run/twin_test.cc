// The same scenario in virtual time and over TCP: what is sent must not depend on the world.
#include <gtest/gtest.h>

#include "scenarios/run/run_testing.h"

namespace scenarios {
namespace {

using Counts = std::map<std::string, std::uint64_t>;

// The MDT makes objects ahead of need and asks for free space by the clock; all else is the
// clients' doing.
Counts client_rpcs(const reports::PhaseResult& phase) {
  Counts counts;
  for (const reports::RpcCount& rpc : phase.rpcs) {
    if (rpc.opcode != "OST_CREATE" && rpc.opcode != "OST_STATFS") {
      counts[rpc.opcode] = rpc.count;
    }
  }
  return counts;
}

void expect_twins(const reports::Result& sim, const reports::Result& socket) {
  ASSERT_EQ(sim.phases.size(), socket.phases.size());
  EXPECT_FALSE(sim.phases.empty());
  for (std::size_t i = 0; i < sim.phases.size(); ++i) {
    const reports::PhaseResult& a = sim.phases[i];
    const reports::PhaseResult& b = socket.phases[i];
    EXPECT_EQ(a.name, b.name);
    EXPECT_EQ(client_rpcs(a), client_rpcs(b)) << a.name;
    EXPECT_EQ(a.bytes, b.bytes) << a.name;
    EXPECT_EQ(a.ops, b.ops) << a.name;
    EXPECT_EQ(a.bulk_bytes, b.bulk_bytes) << a.name;
    EXPECT_EQ(a.verification.has_value(), b.verification.has_value()) << a.name;
    for (const reports::PhaseResult* phase : {&a, &b}) {
      if (phase->verification) {
        EXPECT_EQ(phase->verification->words_bad, 0u);
        EXPECT_EQ(phase->verification->words_checked, phase->bytes / 8);
      }
    }
  }
}

void expect_twins(std::initializer_list<std::string> sets) {
  std::vector<std::string> both(sets);
  both.push_back("world=sim");
  const reports::Result sim = run_text(kFirstLight, both);
  both.back() = "world=socket";
  expect_twins(sim, run_text(kFirstLight, both));
}

TEST(Twin, BufferedRunSendsTheSameInBothWorlds) { expect_twins({}); }

TEST(Twin, DirectRunSendsTheSameInBothWorlds) {
  expect_twins({"clients[0].design.direct_io=true"});
}

TEST(Twin, SmallDirectTransfersTravelInsideTheRpcInBothWorlds) {
  expect_twins({"clients[0].design.direct_io=true", "clients[0].workload.ior=-w -r -t 8k -b 64k"});
}

TEST(Twin, DevicesThatTakeTimeSendTheSame) {
  expect_twins({"cluster.hardware=nvme_2023", "clients[0].design.direct_io=true"});
}

TEST(Twin, TwoRanksSharingAFileSendTheSame) {
  expect_twins({"clients[0].count=2", "clients[0].design.direct_io=true",
                "clients[0].workload.ior=-w -r -e -C -t 1m -b 4m"});
}

}  // namespace
}  // namespace scenarios
