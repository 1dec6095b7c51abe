#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <utility>

#include "transport/sim_network_test_world.h"

namespace transport {
namespace {

using sim::Duration;
using sim::TimePoint;
using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(SimNetworkTest, FreeHostsAddNeitherTimeNorEvents) {
  send(kA, kB, 1000);
  EXPECT_THAT(b.xids(), IsEmpty()) << "never inline";
  run();
  ASSERT_EQ(b.deliveries.size(), 1u);
  EXPECT_EQ(b.deliveries[0].at - TimePoint(), kLatency + sim::nanoseconds(1000));
  EXPECT_EQ(b.deliveries[0].from, kA);
  EXPECT_EQ(loop.events(), 1u);
  EXPECT_EQ(network->under_way(), 0u);
}

TEST_F(SimNetworkTest, ProcessorsArePaidBeforeTheFirstByteAndAfterTheLast) {
  sim::Station sender(loop, "sender");
  sim::Station receiver(loop, "receiver");
  network->set_cost(0, {&sender, sim::nanoseconds(300), sim::nanoseconds(10)});
  network->set_cost(1, {&receiver, sim::nanoseconds(70), sim::nanoseconds(100)});
  send(kA, kB, 1025);  // a byte over 1 KiB: its share of a nanosecond is rounded up
  run();
  const Duration send_cost = sim::nanoseconds(300 + 11);
  const Duration receive_cost = sim::nanoseconds(70 + 101);
  const Delivery& d = b.deliveries.at(0);
  EXPECT_EQ(d.at - TimePoint(), send_cost + kLatency + sim::nanoseconds(1025) + receive_cost);
  EXPECT_EQ(d.transit,
            (sim::Transit{{}, kLatency + sim::nanoseconds(1025), send_cost, receive_cost}));
  EXPECT_EQ(sender.busy(), send_cost);
  EXPECT_EQ(receiver.busy(), receive_cost);
}

TEST_F(SimNetworkTest, NodesThatShareAProcessorQueueForIt) {
  sim::Station cpu(loop, "shared");
  const Duration cost = sim::microseconds(100);
  network->set_cost(0, {&cpu, cost});
  network->set_cost(1, {&cpu, cost});
  send(kA, kB, 200);
  send(kB, kA, 200);
  run();
  // Sending takes until 100 and 200 us, in which time neither has arrived.
  EXPECT_EQ(b.deliveries.at(0).at - TimePoint(), 3 * cost);
  EXPECT_EQ(a.deliveries.at(0).at - TimePoint(), 4 * cost);
  // While the one crosses, the other still has the processor: waiting for it is not the network's.
  const Duration crossing = kLatency + sim::nanoseconds(200);
  EXPECT_EQ(b.deliveries.at(0).transit, (sim::Transit{{}, crossing, cost, 2 * cost - crossing}));
  EXPECT_EQ(a.deliveries.at(0).transit,
            (sim::Transit{{}, crossing, 2 * cost, 2 * cost - crossing}));
}

TEST_F(SimNetworkTest, WaitingForTheInterfaceIsNicTime) {
  send(kA, kB, 1000);
  send(kSecondOfA, kB, 500);
  run();
  EXPECT_EQ(b.deliveries.at(0).transit.nic, Duration());
  EXPECT_EQ(b.deliveries.at(1).transit.nic, sim::nanoseconds(1000));
  EXPECT_EQ(b.deliveries.at(1).transit.fabric, kLatency + sim::nanoseconds(500));
}

TEST_F(SimNetworkTest, LoopbackPaysOnlyTheProcessors) {
  send(kA, kSecondOfA, 5000);
  EXPECT_THAT(second_of_a.xids(), IsEmpty()) << "never inline";
  run();
  EXPECT_EQ(second_of_a.deliveries.at(0).at, TimePoint());
  EXPECT_THAT(fabric->ports(), IsEmpty());
  sim::Station cpu(loop, "cpu");
  network->set_cost(0, {&cpu, sim::nanoseconds(40)});
  send(kA, kSecondOfA, 5000);
  run();
  EXPECT_EQ(second_of_a.deliveries.at(1).at - TimePoint(), sim::nanoseconds(80));
  EXPECT_EQ(second_of_a.deliveries.at(1).transit,
            (sim::Transit{{}, {}, sim::nanoseconds(40), sim::nanoseconds(40)}));
}

TEST_F(SimNetworkTest, DetachedAddressLosesWhatIsOnTheWay) {
  send(kA, kB, 1000);
  send(kA, kSecondOfB, 1000);
  run_until(TimePoint() + sim::nanoseconds(500));
  network->detach(kB);
  run();
  EXPECT_THAT(b.xids(), IsEmpty());
  EXPECT_THAT(second_of_b.xids(), ElementsAre(2));
  EXPECT_EQ(network->dropped(), 1u);
  EXPECT_EQ(network->traffic().total().messages, 1u);
  network->attach(kB, b);
  send(kA, kB, 1000);
  run();
  EXPECT_THAT(b.xids(), ElementsAre(3));
}

TEST_F(SimNetworkTest, CountsWhatWasDelivered) {
  bulk(kA, kB, 1000);
  send(kA, kB, 200);
  run();
  const Traffic bulk_traffic = network->traffic().of(MessageKind::bulk_put, 4);
  EXPECT_EQ(bulk_traffic, (Traffic{1, 1000, 1000 - kLnetOverhead}));
  EXPECT_EQ(network->traffic().of(MessageKind::request, 4).wire_bytes, 200u);
}

// At any moment: some are with the sender's processor, on the way, with the receiver's, or held.
TEST_F(SimNetworkTest, DestroyedWithMessagesUnderWayDeliversNoneOfThem) {
  sim::Station cpu(loop, "cpu", 2);
  for (std::int64_t at = 0; at < 2'000'000; at += 97'000) {
    network->set_cost(0, {&cpu, sim::nanoseconds(100'000)});
    network->set_cost(1, {&cpu, sim::nanoseconds(10'000)});
    const TimePoint begin = loop.now();
    bulk(kA, kB, 600'000);
    bulk(kA, kB, 500);
    send(kA, kB, 500);
    send(kA, kSecondOfA, 500);
    run_until(begin + sim::nanoseconds(at));
    const std::size_t before = b.deliveries.size() + second_of_a.deliveries.size();
    network.reset();
    run();
    EXPECT_EQ(loop.pending(), 0u);
    EXPECT_EQ(b.deliveries.size() + second_of_a.deliveries.size(), before);
    network = std::make_unique<SimNetwork>(loop, *fabric);
    network->attach(kA, a);
    network->attach(kSecondOfA, second_of_a);
    network->attach(kB, b);
  }
}

TEST_F(SimNetworkTest, SteadyTrafficTakesNoNewMemory) {
  const auto round = [&] {
    for (int i = 0; i < 50; ++i) {
      bulk(kA, kB, 300'000);
      send(kB, kA, 500);
    }
    run();
  };
  round();
  const std::size_t blocks = sim::pool_blocks();
  round();
  EXPECT_EQ(sim::pool_blocks(), blocks);
}

TEST_F(SimNetworkTest, DigestTellsDeliveriesApart) {
  std::map<Opcode, std::uint64_t> digests;
  for (const Opcode opcode : {Opcode{1}, Opcode{2}}) {
    sim::Loop own_loop(1);
    const auto own_fabric = make_fabric(FabricModel::fast, own_loop, topology);
    SimNetwork own(own_loop, *own_fabric);
    Inbox inbox(own_loop);
    own.attach(kA, inbox);
    own.attach(kB, inbox);
    auto message = std::make_unique<Message>();
    message->from = kA;
    message->to = kB;
    message->header.opcode = opcode;
    own.send(std::move(message));
    while (own_loop.step()) {
    }
    digests[opcode] = own_loop.digest().value();
  }
  EXPECT_NE(digests[1], digests[2]);
}

using SimNetworkDeathTest = SimNetworkTest;

TEST_F(SimNetworkDeathTest, SendingNeedsAnAttachedSender) {
  network->detach(kA);
  EXPECT_DEATH(send(kA, kB, 100), "not attached");
}

TEST_F(SimNetworkDeathTest, AnAddressHasOneReceiver) {
  EXPECT_DEATH(network->attach(kA, b), "attached twice");
}

}  // namespace
}  // namespace transport
