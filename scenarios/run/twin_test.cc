// The same scenario in virtual time and over TCP: what is sent must not depend on the world, and
// time is told by the same names. How long things take is not compared: TCP on one machine has none
// of the modelled interfaces, links and processors, so the hardware's figures limit only the sim
// world.
#include <gtest/gtest.h>

#include <set>

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

// Stages that took time, as a network names them that cannot tell the way there from the way back.
std::set<std::string> stages_by_name(const reports::PhaseResult& phase) {
  std::set<std::string> names;
  for (const auto& [stage, time] : stages_of(phase)) {
    names.insert(stage == "client_nic" || stage == "reply" ? "fabric" : stage);
  }
  return names;
}

// Both worlds charge what somebody does (`done`) to the same stages, and neither knows others than
// those of waiting, which in real time happens anywhere.
void expect_same_stages(const reports::PhaseResult& sim, const reports::PhaseResult& socket,
                        const std::set<std::string>& done) {
  std::set<std::string> possible = stages_by_name(sim);
  for (const std::string& name : done) {
    EXPECT_TRUE(possible.contains(name)) << sim.name << " " << name;
    EXPECT_TRUE(stages_by_name(socket).contains(name)) << socket.name << " " << name;
  }
  possible.insert({"slot", "client_cpu", "server_queue", "server_cpu", "device_queue", "gather"});
  for (const auto& [name, time] : stages_of(socket)) {
    EXPECT_TRUE(possible.contains(name)) << socket.name << " " << name;
  }
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

TEST(Twin, TimeIsToldByTheSameStagesInBothWorlds) {
  const std::vector<std::string> in_sim = {"cluster.hardware=nvme_2023",
                                           "clients[0].design.direct_io=true"};
  std::vector<std::string> over_tcp = in_sim;
  over_tcp.push_back("world=socket");
  const reports::Result sim = run_text(kFirstLight, in_sim);
  const reports::Result socket = run_text(kFirstLight, over_tcp);
  ASSERT_EQ(sim.phases.size(), socket.phases.size());
  for (std::size_t i = 0; i < sim.phases.size(); ++i) {
    const bool moves_data = sim.phases[i].bytes > 0;
    expect_same_stages(
        sim.phases[i], socket.phases[i],
        moves_data ? std::set<std::string>{"fabric", "device"} : std::set<std::string>{"fabric"});
  }
}

// Interfaces and links are the sim world's: over TCP none of them can be what limits a phase.
TEST(Twin, ModelledInterfacesLimitTheSimWorldAlone) {
  const auto interface_limits = [](const std::string& world) {
    const std::vector<std::string> sets = {world, "clients[0].design.direct_io=true",
                                           "cluster.overrides.client.nic_rate=1Gbit/s"};
    const reports::Limit limit = phase_of(run_text(kFirstLight, sets), "write").limit;
    return limit.kind == reports::Limit::Kind::resource && limit.name.ends_with(".tx");
  };
  EXPECT_TRUE(interface_limits("world=sim"));
  EXPECT_FALSE(interface_limits("world=socket"));
}

TEST(Twin, DevicesThatTakeTimeSendTheSame) {
  expect_twins({"cluster.hardware=nvme_2023", "clients[0].design.direct_io=true"});
}

// With locks it is a matter of time who calls back whom.
TEST(Twin, TwoNodesSharingAFileWithoutLocksSendTheSame) {
  expect_twins({"clients[0].count=2", "clients[0].design.direct_io=true",
                "clients[0].design.coherence=unshared",
                "clients[0].workload.ior=-w -r -e -C -t 1m -b 4m"});
}

}  // namespace
}  // namespace scenarios
