// What both models of the network promise.
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "transport/fabric/fabric_world.h"

namespace transport {
namespace {

using sim::Bytes;
using sim::Duration;
using sim::kMiB;
using sim::Rate;
using sim::TimePoint;

constexpr Rate kRate{12'500'000'000};
constexpr Duration kLatency = sim::nanoseconds(1500);
const std::vector<Bytes> kSizes = {1, 96, kQuantum - 1, kQuantum, kQuantum + 1, kMiB, kMiB + 96};

Topology star(Rate rate = kRate) { return Topology({.nic_rate = rate, .latency = kLatency}); }

class FabricContract : public testing::TestWithParam<FabricModel> {
 protected:
  // How long `bytes` take from node 0 to node 1, with nothing else under way.
  Duration alone(const Topology& topology, Bytes bytes, NodeId to = 1) {
    FabricWorld world(GetParam(), topology);
    const auto& sent = world.send(0, to, bytes);
    world.run();
    EXPECT_TRUE(sent.done);
    EXPECT_EQ(sent.transit.nic, Duration());
    return sent.arrived - sent.sent;
  }
};

TEST_P(FabricContract, UnloadedTimeIsLatencyPlusTheSlowerPort) {
  for (const Rate receiver : {kRate, Rate(1'000'000'007), Rate(25'000'000'000)}) {
    Topology topology = star();
    topology.set_nic_rate(1, receiver);
    for (const Bytes bytes : kSizes) {
      EXPECT_EQ(alone(topology, bytes),
                kLatency + std::max(service(kRate, bytes), service(receiver, bytes)))
          << bytes << " bytes at " << receiver.bytes_per_second();
    }
  }
}

TEST_P(FabricContract, UplinksAsFastAsInterfacesAddNothing) {
  const Topology topology(
      {.nic_rate = kRate, .latency = kLatency, .two_tier = TwoTier{.leaf_ports = 1}});
  for (const Bytes bytes : kSizes) {
    EXPECT_EQ(alone(topology, bytes), kLatency + service(kRate, bytes));
  }
}

TEST_P(FabricContract, SlowUplinkDecidesTheTime) {
  const Topology topology(
      {.nic_rate = kRate, .latency = kLatency, .two_tier = TwoTier{.leaf_ports = 2, .over = 5}});
  const Rate uplink(kRate.bytes_per_second() * 2 / 5);
  EXPECT_EQ(alone(topology, kMiB, 2), kLatency + service(uplink, kMiB));
  EXPECT_EQ(alone(topology, kMiB, 1), kLatency + service(kRate, kMiB)) << "same leaf";
}

TEST_P(FabricContract, FastUplinkHoldsTheFirstQuantumUntilItCanPassAtOnce) {
  const Topology topology(
      {.nic_rate = kRate, .latency = kLatency, .two_tier = TwoTier{.leaf_ports = 4}});
  const Rate uplink(kRate.bytes_per_second() * 4);
  for (const Bytes bytes : {Bytes{96}, kQuantum, kMiB}) {
    const Bytes first = std::min(bytes, kQuantum);
    EXPECT_EQ(alone(topology, bytes, 4),
              kLatency + service(kRate, bytes) + kRate.time_for(first) - uplink.time_for(first));
  }
}

TEST_P(FabricContract, AddedDelayAppearsInFull) {
  const Duration delay = sim::microseconds(777);
  for (const NodeId node : {0u, 1u}) {
    Topology topology = star();
    topology.set_delay(node, delay);
    for (const Bytes bytes : kSizes) {
      EXPECT_EQ(alone(topology, bytes), alone(star(), bytes) + delay);
    }
  }
}

TEST_P(FabricContract, UnlimitedInterfacesTakeNoTime) {
  for (const Bytes bytes : kSizes) {
    EXPECT_EQ(alone(star(Rate()), bytes), kLatency);
    for (const NodeId node : {0u, 1u}) {
      Topology topology = star();
      topology.set_nic_rate(node, Rate());
      EXPECT_EQ(alone(topology, bytes), kLatency + service(kRate, bytes));
    }
  }
}

TEST_P(FabricContract, NoBytesTakeTheLatency) { EXPECT_EQ(alone(star(), 0), kLatency); }

TEST_P(FabricContract, EqualMessagesShareTheReceiverEqually) {
  const Topology topology = star();
  FabricWorld world(GetParam(), topology);
  world.run({{TimePoint(), 0, 2, kMiB}, {TimePoint(), 1, 2, kMiB}});
  const Duration both = kLatency + 2 * service(kRate, kMiB);
  EXPECT_EQ(world.sent()[1].arrived - TimePoint(), both);
  EXPECT_EQ(world.sent()[0].arrived - TimePoint(), both - service(kRate, kQuantum));
}

// How long a short message sent after `delay` waits among five long ones sent at time zero.
Duration wait_among_five(FabricModel model, Duration delay) {
  const Topology topology = star();
  FabricWorld world(model, topology);
  std::vector<Sending> plan;
  for (NodeId i = 0; i < 5; ++i) {
    plan.push_back({TimePoint(), 0, 1 + i, 16 * kMiB});
  }
  plan.push_back({TimePoint() + delay, 0, 6, 96});
  world.run(plan);
  const auto& last = world.sent().back();
  EXPECT_EQ(last.arrived - last.sent, last.transit.nic + kLatency + service(kRate, 96));
  return last.transit.nic;
}

TEST_P(FabricContract, ShortMessageWaitsAtMostOneQuantumOfEachCompetitor) {
  const Duration quantum = service(kRate, kQuantum);
  EXPECT_EQ(wait_among_five(GetParam(), 3 * quantum), 4 * quantum)
      << "sent when a quantum ends, it comes before the message that sent it";
  EXPECT_EQ(wait_among_five(GetParam(), 3 * quantum + sim::nanoseconds(1)),
            5 * quantum - sim::nanoseconds(1));
}

TEST_P(FabricContract, WaitingAtTheInterfaceEndsWhenTheFirstQuantumLeaves) {
  const Topology topology = star();
  FabricWorld world(GetParam(), topology);
  world.run({{TimePoint(), 0, 1, kMiB}, {TimePoint(), 0, 2, kMiB}});
  EXPECT_EQ(world.sent()[0].transit.nic, Duration());
  EXPECT_EQ(world.sent()[1].transit.nic, service(kRate, kQuantum));
}

TEST_P(FabricContract, TransitIsTheWholeTimeOnTheWay) {
  const Topology topology = star();
  FabricWorld world(GetParam(), topology);
  world.run(crowd(13, 200));
  for (const auto& s : world.sent()) {
    EXPECT_EQ(s.transit.nic + s.transit.fabric, s.arrived - s.sent);
  }
}

TEST_P(FabricContract, CancelledTransferNeverFiresAndOthersKeepTheirTimes) {
  const Topology topology = star();
  FabricWorld undisturbed(GetParam(), topology);
  undisturbed.send(0, 1, kMiB);
  const TimePoint other = undisturbed.send(0, 1, kMiB).sent;
  undisturbed.run();
  const TimePoint end = undisturbed.sent()[1].arrived;
  for (std::int64_t at = other.ns(); at < end.ns(); at += 2500) {
    FabricWorld world(GetParam(), topology);
    auto& first = world.send(0, 1, kMiB);
    const auto& second = world.send(0, 1, kMiB);
    world.run_until(TimePoint(at));
    if (!first.done) {
      world.fabric().cancel(first);
      world.run();
      EXPECT_FALSE(first.done);
    }
    world.run();
    EXPECT_EQ(second.arrived, end) << "cancelled at " << at;
  }
}

TEST_P(FabricContract, DestroyedFabricLeavesNothingInTheLoop) {
  const Topology topology = star();
  sim::Loop loop(1);
  std::vector<Transfer> transfers(8);
  {
    const auto fabric = make_fabric(GetParam(), loop, topology);
    for (std::size_t i = 0; i < transfers.size(); ++i) {
      transfers[i].from = static_cast<NodeId>(i % 3);
      transfers[i].to = 3;
      transfers[i].bytes = i % 2 == 0 ? kMiB : 96;
      fabric->send(transfers[i]);
    }
    loop.advance_to(TimePoint() + sim::nanoseconds(100));
    for (Transfer& t : transfers) {
      fabric->cancel(t);
    }
  }
  while (loop.step()) {
  }
  EXPECT_EQ(loop.pending(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Models, FabricContract,
                         testing::Values(FabricModel::fast, FabricModel::reference),
                         [](const auto& instance) {
                           return instance.param == FabricModel::fast ? "fast" : "reference";
                         });

}  // namespace
}  // namespace transport
