#include "transport/sim_network.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "sim/rng.h"
#include "transport/fabric/make_fabric.h"

namespace transport {
namespace {

using sim::Bytes;
using sim::Duration;
using sim::TimePoint;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr sim::Rate kRate{1'000'000'000};  // a byte per nanosecond
constexpr Duration kLatency = sim::nanoseconds(5000);

struct Delivery {
  std::uint64_t xid = 0;
  MessageKind kind = MessageKind::request;
  Address from;
  TimePoint at;
  sim::Transit transit;
};

class Inbox final : public Receiver {
 public:
  explicit Inbox(sim::Loop& loop) : loop_(loop) {}
  void receive(MessagePtr message) override {
    const Header& header = message->header;
    deliveries.push_back({header.xid, header.kind, message->from, loop_.now(), message->transit});
  }
  void disconnected(NodeId) override { FAIL() << "a modelled network loses no connection"; }

  std::vector<std::uint64_t> xids() const {
    std::vector<std::uint64_t> all;
    for (const Delivery& d : deliveries) {
      all.push_back(d.xid);
    }
    return all;
  }
  std::vector<Delivery> deliveries;

 private:
  sim::Loop& loop_;
};

constexpr Address kA{0, 7};
constexpr Address kB{1, 7};
constexpr Address kSecondOfB{1, 3};
constexpr Address kSecondOfA{0, 9};

// Nodes 0 and 1 at a byte per nanosecond; A, with a second address, on the one and B on the other.
class SimNetworkTest : public testing::Test {
 protected:
  SimNetworkTest() {
    network->attach(kA, a);
    network->attach(kSecondOfA, second_of_a);
    network->attach(kB, b);
    network->attach(kSecondOfB, second_of_b);
  }

  // `size` bytes on the wire, numbered from 1 in the order of sending.
  void send(Address from, Address to, Bytes size, MessageKind kind = MessageKind::request) {
    auto message = std::make_unique<Message>();
    message->from = from;
    message->to = to;
    message->header.kind = kind;
    message->header.opcode = 4;
    message->header.xid = ++sent;
    const Bytes overhead = message->wire_size();
    message->bulk = Payload::unknown(size > overhead ? size - overhead : 0);
    network->send(std::move(message));
  }
  void bulk(Address from, Address to, Bytes size) { send(from, to, size, MessageKind::bulk_put); }
  void run() {
    while (loop.step()) {
    }
  }
  void run_until(TimePoint limit) {
    while (loop.step(limit)) {
    }
  }

  sim::Loop loop{1};
  Topology topology{{.nic_rate = kRate, .latency = kLatency}};
  std::unique_ptr<Fabric> fabric = make_fabric(FabricModel::fast, loop, topology);
  std::unique_ptr<SimNetwork> network = std::make_unique<SimNetwork>(loop, *fabric);
  Inbox a{loop};
  Inbox second_of_a{loop};
  Inbox b{loop};
  Inbox second_of_b{loop};
  std::uint64_t sent = 0;
};

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
  EXPECT_EQ(d.transit.nic, send_cost);
  EXPECT_EQ(d.transit.fabric, d.at - TimePoint() - send_cost);
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
}

TEST_F(SimNetworkTest, ShortBulkDoesNotOvertakeLongBulk) {
  bulk(kA, kB, 4 * sim::kMiB);
  bulk(kA, kB, 4096);
  bulk(kA, kB, 4096);
  run();
  EXPECT_THAT(b.xids(), ElementsAre(1, 2, 3));
  EXPECT_EQ(b.deliveries[0].at, b.deliveries[1].at) << "it was there before, and was held";
  const Delivery& held = b.deliveries[1];
  EXPECT_EQ(held.transit.nic + held.transit.fabric, held.at - TimePoint());
}

TEST_F(SimNetworkTest, ControlDoesNotWaitForBulkNorOneAddressForAnother) {
  bulk(kA, kB, 4 * sim::kMiB);
  send(kA, kB, 300);
  bulk(kSecondOfA, kB, 4096);
  bulk(kA, kSecondOfB, 4096);
  run();
  EXPECT_THAT(b.xids(), ElementsAre(2, 3, 1));
  EXPECT_THAT(second_of_b.xids(), ElementsAre(4));
}

TEST_F(SimNetworkTest, OrderHoldsThroughProcessorsWithSeveralCores) {
  sim::Station sender(loop, "sender", 4);
  sim::Station receiver(loop, "receiver", 4);
  network->set_cost(0, {&sender, Duration(), sim::microseconds(1)});
  network->set_cost(1, {&receiver, Duration(), sim::microseconds(1)});
  send(kA, kB, 60'000);
  send(kA, kB, 200);
  run();
  EXPECT_THAT(b.xids(), ElementsAre(1, 2));
}

TEST_F(SimNetworkTest, EveryMessageArrivesOnceAndInTheOrderOfItsChannel) {
  sim::Station cpu(loop, "cpu", 3);
  network->set_cost(0, {&cpu, sim::nanoseconds(100), sim::nanoseconds(50)});
  sim::Rng rng(5);
  const Address from[] = {kA, kSecondOfA};
  const Address to[] = {kB, kSecondOfB, kA};
  for (int i = 0; i < 2000; ++i) {
    const Address receiver = to[rng.below(3)];
    send(from[rng.below(2)], receiver, 100 + rng.below(300'000),
         rng.chance(1, 2) ? MessageKind::bulk_put : MessageKind::reply);
    run_until(loop.now() + sim::nanoseconds(static_cast<std::int64_t>(rng.below(200'000))));
  }
  run();
  std::size_t arrived = 0;
  for (const Inbox* inbox : {&a, &second_of_a, &b, &second_of_b}) {
    std::map<std::pair<Address, bool>, std::uint64_t> last;
    for (const Delivery& d : inbox->deliveries) {
      std::uint64_t& before = last[{d.from, d.kind == MessageKind::bulk_put}];
      EXPECT_LT(before, d.xid);
      before = d.xid;
      ++arrived;
    }
  }
  EXPECT_EQ(arrived, 2000u);
  EXPECT_EQ(network->traffic().total().messages, 2000u);
  EXPECT_EQ(network->under_way(), 0u);
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
