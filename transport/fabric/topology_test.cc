#include "transport/fabric/topology.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace transport {
namespace {

using sim::Rate;
using testing::ElementsAre;

std::vector<PortId> ports(const Topology& topology, NodeId from, NodeId to) {
  const Path path = topology.path(from, to);
  return {path.ports.begin(), path.ports.begin() + path.length};
}

Topology tiers(TwoTier tier, Rate rate = Rate(1000)) {
  return Topology({.nic_rate = rate, .latency = sim::microseconds(1), .two_tier = tier});
}

TEST(Topology, StarPathIsSenderThenReceiver) {
  EXPECT_THAT(ports(Topology(TopologyParams()), 3, 9),
              ElementsAre(PortId{PortKind::tx, 3}, PortId{PortKind::rx, 9}));
}

TEST(Topology, NodesOfOneLeafDoNotUseUplinks) {
  const Topology t = tiers({.leaf_ports = 4});
  EXPECT_THAT(ports(t, 4, 7), ElementsAre(PortId{PortKind::tx, 4}, PortId{PortKind::rx, 7}));
}

TEST(Topology, NodesOfDifferentLeavesPassBothUplinks) {
  const Topology t = tiers({.leaf_ports = 4});
  EXPECT_THAT(ports(t, 3, 4), ElementsAre(PortId{PortKind::tx, 3}, PortId{PortKind::leaf_up, 0},
                                          PortId{PortKind::leaf_down, 1}, PortId{PortKind::rx, 4}));
}

TEST(Topology, OversubscriptionDividesTheUplink) {
  const PortId up{PortKind::leaf_up, 0};
  EXPECT_EQ(tiers({.leaf_ports = 24}).rate(up), Rate(24000));
  EXPECT_EQ(tiers({.leaf_ports = 24, .over = 3}).rate(up), Rate(8000));
  EXPECT_EQ(tiers({.leaf_ports = 24, .over = 3, .under = 2}).rate(up), Rate(16000));
  EXPECT_EQ(tiers({.leaf_ports = 1, .over = 5000}).rate(up), Rate(1)) << "never unlimited";
}

TEST(Topology, UnlimitedPortsAreLeftOutOfPaths) {
  Topology t = tiers({.leaf_ports = 1}, Rate());
  t.set_nic_rate(1, Rate(5));
  EXPECT_THAT(ports(t, 0, 1), ElementsAre(PortId{PortKind::rx, 1}));
  EXPECT_THAT(ports(t, 0, 2), ElementsAre());
}

TEST(Topology, DelaysOfBothNodesAddToTheLatency) {
  Topology t{TopologyParams{.latency = sim::microseconds(2)}};
  EXPECT_EQ(t.path(0, 1).delay, sim::microseconds(2));
  t.set_delay(0, sim::microseconds(10));
  t.set_delay(1, sim::microseconds(100));
  EXPECT_EQ(t.path(0, 1).delay, sim::microseconds(112));
  EXPECT_EQ(t.path(1, 2).delay, sim::microseconds(102));
  t.set_delay(0, sim::Duration());
  EXPECT_EQ(t.path(0, 2).delay, sim::microseconds(2));
}

TEST(TopologyDeathTest, RefusesALeafWithoutPorts) {
  EXPECT_DEATH(tiers({.leaf_ports = 0}), "at least one port");
}

}  // namespace
}  // namespace transport
