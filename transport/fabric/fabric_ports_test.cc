// What both models of the network tell of their ports.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "transport/fabric/fabric_world.h"

namespace transport {
namespace {

using sim::Bytes;
using sim::Duration;
using sim::kMiB;
using sim::Rate;
using sim::TimePoint;
using testing::ElementsAre;

constexpr Rate kRate{12'500'000'000};
constexpr Duration kLatency = sim::nanoseconds(1500);

Topology star() { return Topology({.nic_rate = kRate, .latency = kLatency}); }

class FabricPorts : public testing::TestWithParam<FabricModel> {
 protected:
  // The busy time of each port.
  static std::map<std::string, Duration> busy(FabricWorld& world) {
    std::map<std::string, Duration> times;
    for (const PortUse& use : world.fabric().ports()) {
      times[use.name] = use.busy;
    }
    return times;
  }
};

TEST_P(FabricPorts, PortsAreBusyExactlyForTheirQuanta) {
  const Topology topology(
      {.nic_rate = kRate, .latency = kLatency, .two_tier = TwoTier{.leaf_ports = 2, .over = 2}});
  FabricWorld world(GetParam(), topology);
  const std::vector<Sending> plan = crowd(7, 300);
  std::map<std::string, Duration> expected;
  for (const Sending& s : plan) {
    const Path path = topology.path(s.from, s.to);
    for (std::size_t i = 0; i < path.length; ++i) {
      expected[topology.name(path.ports[i])] += service(topology.rate(path.ports[i]), s.bytes);
    }
  }
  world.run(plan);
  EXPECT_EQ(busy(world), expected);
}

TEST_P(FabricPorts, BusyTimeGrowsOnlyAsTimePasses) {
  const Topology topology = star();
  FabricWorld world(GetParam(), topology);
  world.send(0, 1, 4 * kMiB);
  world.run_until(TimePoint() + sim::microseconds(100));
  EXPECT_EQ(busy(world)["node0.tx"], sim::microseconds(100));
  EXPECT_EQ(busy(world)["node1.rx"], sim::microseconds(100) - kLatency);
}

// Two messages of two quanta take turns on the way into a node: each waits for every quantum of the
// other that is sent before its own last.
TEST_P(FabricPorts, MessagesWaitWhileOthersHaveTheirTurns) {
  const Topology topology = star();
  FabricWorld world(GetParam(), topology);
  world.send(0, 2, 2 * kQuantum);
  world.send(1, 2, 2 * kQuantum);
  world.run_until(TimePoint() + sim::milliseconds(1));
  const Duration quantum = service(kRate, kQuantum);
  std::map<std::string, Duration> waited;
  for (const PortUse& use : world.fabric().ports()) {
    waited[use.name] = use.waited;
  }
  EXPECT_EQ(waited["node2.rx"], quantum * 3);
  EXPECT_EQ(waited["node0.tx"], Duration()) << "alone at its own port";
  EXPECT_EQ(waited["node1.tx"], Duration());
}

TEST_P(FabricPorts, NoPortCarriesMoreThanItsRate) {
  const Topology topology = star();
  FabricWorld world(GetParam(), topology);
  world.run(crowd(11, 400));
  std::map<NodeId, std::vector<std::pair<TimePoint, Bytes>>> arrived;
  for (const auto& s : world.sent()) {
    arrived[s.to].emplace_back(s.arrived, s.bytes);
  }
  for (auto& [node, arrivals] : arrived) {
    std::ranges::sort(arrivals);
    Bytes bytes = 0;
    for (const auto& [at, size] : arrivals) {
      bytes += size;
      EXPECT_GE(at - TimePoint(), kRate.time_for(bytes)) << "into node " << node;
    }
  }
}

TEST_P(FabricPorts, SaturatedPortRunsAtItsRate) {
  const Topology topology = star();
  FabricWorld world(GetParam(), topology);
  std::vector<Sending> plan;
  Bytes bytes = 0;
  for (NodeId i = 0; i < 320; ++i) {
    plan.push_back({TimePoint(i), 1 + i % 16, 0, kMiB + 96});
    bytes += plan.back().bytes;
  }
  world.run(plan);
  const double seconds = (world.loop().now() - TimePoint()).seconds();
  const double rate = static_cast<double>(bytes) / seconds;
  EXPECT_NEAR(rate / static_cast<double>(kRate.bytes_per_second()), 1.0, 0.01);
}

TEST_P(FabricPorts, PortsAreNamedAndListedInAFixedOrder) {
  Topology topology({.nic_rate = kRate, .latency = kLatency, .two_tier = TwoTier{.leaf_ports = 4}});
  topology.set_name(7, "oss0");
  FabricWorld world(GetParam(), topology);
  world.run({{TimePoint(), 7, 1, 10}, {TimePoint(), 0, 7, 10}});
  std::vector<std::string> names;
  for (const PortUse& use : world.fabric().ports()) {
    names.push_back(use.name);
  }
  EXPECT_THAT(names, ElementsAre("node0.tx", "oss0.tx", "leaf0.up", "leaf1.up", "leaf0.down",
                                 "leaf1.down", "node1.rx", "oss0.rx"));
}

INSTANTIATE_TEST_SUITE_P(Models, FabricPorts,
                         testing::Values(FabricModel::fast, FabricModel::reference),
                         [](const auto& instance) {
                           return instance.param == FabricModel::fast ? "fast" : "reference";
                         });

}  // namespace
}  // namespace transport
