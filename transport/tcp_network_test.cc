#include "transport/tcp_network.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "transport/tcp_test_world.h"

namespace transport {
namespace {

using test::content;
using test::Party;
using test::Tcp;
using test::TcpWorld;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr Address kA{1, 10};
constexpr Address kB{2, 20};

constexpr std::array kAllKinds = {MessageKind::request, MessageKind::reply, MessageKind::bulk_get,
                                  MessageKind::bulk_put, MessageKind::bulk_ack};

struct TcpNetworkTest : ::testing::Test {
  TcpNetworkTest() {
    EXPECT_TRUE(world.network->open(1).ok());
    EXPECT_TRUE(world.network->open(2).ok());
  }
  TcpWorld world;
  Party a{world, kA};
  Party b{world, kB};
};

sim::Bytes size_of(std::uint64_t xid) { return xid * 7919 % 70000; }

void send_all_kinds(Party& from, Address to, std::uint64_t count) {
  for (std::uint64_t xid = 0; xid < count; ++xid) {
    const MessageKind kind = kAllKinds[xid % kAllKinds.size()];
    from.send(to, kind, xid,
              kind == MessageKind::bulk_put ? content(xid, size_of(xid)) : Payload());
  }
}

// Every aligned word of the bulk names the write that content() made.
void expect_content(const Message& message) {
  const std::uint64_t file = message.header.xid;
  const auto bytes = message.bulk.bytes();
  ASSERT_EQ(bytes.size(), size_of(file));
  for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) {
    const std::uint64_t word =
        boost::endian::load_little_u64(reinterpret_cast<const unsigned char*>(bytes.data() + at));
    ASSERT_EQ(stamp_of_word(file, at, word), Stamp::make(1, file + 1)) << at;
  }
  Payload expected = content(file, bytes.size());
  expected.materialize();
  EXPECT_TRUE(std::ranges::equal(bytes, expected.bytes()));
}

void expect_all_kinds(const Party& party, Address from, std::uint64_t count) {
  ASSERT_EQ(party.received.size(), count);
  std::array<std::vector<std::uint64_t>, kTrafficClasses> xids;
  for (const MessagePtr& m : party.received) {
    EXPECT_EQ(m->from, from);
    EXPECT_EQ(m->to, party.address);
    EXPECT_EQ(m->header.kind, kAllKinds[m->header.xid % kAllKinds.size()]);
    EXPECT_EQ(m->transit.fabric, sim::Duration());
    xids[static_cast<std::size_t>(class_of(m->header.kind))].push_back(m->header.xid);
    if (m->header.kind == MessageKind::bulk_put) {
      expect_content(*m);
    } else if (m->header.kind == MessageKind::request) {
      EXPECT_EQ(static_cast<example::CountRequest&>(*m->body).number, m->header.xid);
    }
  }
  for (const auto& in_order : xids) {
    EXPECT_EQ(std::ranges::adjacent_find(in_order, std::greater_equal<>()), in_order.end());
  }
}

TEST_F(TcpNetworkTest, ThousandsOfMessagesOfAllKindsArriveBothWaysInOrderAndWhole) {
  constexpr std::uint64_t kCount = 2000;
  send_all_kinds(a, kB, kCount);
  send_all_kinds(b, kA, kCount);
  world.run_until([&] { return a.received.size() >= kCount && b.received.size() >= kCount; });
  expect_all_kinds(a, kB, kCount);
  expect_all_kinds(b, kA, kCount);
  EXPECT_THAT(a.lost, IsEmpty());
  EXPECT_THAT(b.lost, IsEmpty());
  EXPECT_EQ(world.network->losses(), 0u);
  EXPECT_EQ(world.network->traffic().total().messages, 2 * kCount);
  EXPECT_EQ(world.network->traffic().of(MessageKind::request, example::kCount).messages,
            2 * kCount / kAllKinds.size());
}

TEST_F(TcpNetworkTest, ManyNodesEachHearOnlyWhatIsTheirs) {
  std::vector<std::unique_ptr<Party>> parties;
  for (NodeId node = 10; node < 16; ++node) {
    ASSERT_TRUE(world.network->open(node).ok());
    parties.push_back(std::make_unique<Party>(world, Address{node, 1}));
  }
  for (const auto& from : parties) {
    for (const auto& to : parties) {
      from->send(to->address, MessageKind::request, from->address.node * 100 + to->address.node);
    }
  }
  world.run_until([&] {
    return std::ranges::all_of(parties, [](auto& p) { return p->received.size() == 6; });
  });
  for (const auto& to : parties) {
    for (const MessagePtr& m : to->received) {
      EXPECT_EQ(m->header.xid, m->from.node * 100 + to->address.node);
    }
  }
}

TEST_F(TcpNetworkTest, SendNeverCallsAReceiverInline) {
  a.send(kB, MessageKind::request, 1);
  a.send(kA, MessageKind::request, 2);
  a.send({99, 1}, MessageKind::request, 3);
  EXPECT_THAT(a.received, IsEmpty());
  EXPECT_THAT(a.lost, IsEmpty());
}

TEST_F(TcpNetworkTest, AMessageToTheOwnNodeIsEncodedToo) {
  a.send(kA, MessageKind::bulk_put, 6, content(6, size_of(6)));
  world.run_until([&] { return !a.received.empty(); });
  expect_content(*a.received.front());
}

TEST_F(TcpNetworkTest, DetachedAddressesHearNothingTheirNodeGoesOn) {
  Party other(world, {2, 21});
  a.send(kB, MessageKind::request, 1);
  a.send({2, 21}, MessageKind::request, 2);
  world.network->detach(kB);
  world.run_until([&] { return !other.received.empty(); });
  EXPECT_THAT(b.received, IsEmpty());
  EXPECT_THAT(a.lost, IsEmpty());
}

TEST_F(TcpNetworkTest, AStoppedNodeIsReportedToItsPeersAndNotToItself) {
  a.send(kB, MessageKind::request, 1);
  world.run_until([&] { return !b.received.empty(); });
  world.network->stop(2);
  world.run_until([&] { return !a.lost.empty(); });
  EXPECT_THAT(a.lost, ElementsAre(2));
  EXPECT_THAT(b.lost, IsEmpty());
}

TEST_F(TcpNetworkTest, AStoppedNodeIsNotReachedAndSendsNothing) {
  Party c(world, {3, 30});
  ASSERT_TRUE(world.network->open(3).ok());
  world.network->stop(2);
  b.send(kA, MessageKind::request, 1);
  b.send(kB, MessageKind::request, 2);
  a.send(kB, MessageKind::request, 3);
  c.send(kA, MessageKind::request, 4);
  world.run_until([&] { return !a.lost.empty() && !a.received.empty(); });
  EXPECT_THAT(a.lost, ElementsAre(2));
  EXPECT_EQ(a.received.front()->from, c.address);
  EXPECT_THAT(b.received, IsEmpty());
  EXPECT_THAT(b.lost, IsEmpty());
}

TEST_F(TcpNetworkTest, WhoHasDialledAndNotGreetedANodeThatStopsIsCutOff) {
  test::RawPeer silent(world, 2);
  a.send(kB, MessageKind::request, 1);  // comes in behind the silent one
  world.run_until([&] { return !b.received.empty(); });
  world.network->stop(2);
  world.network->resume(2);
  world.run_until([&] { return silent.cut_off; });
  EXPECT_TRUE(silent.cut_off);
}

TEST_F(TcpNetworkTest, AStoppedNodeResumesWhereItWas) {
  a.send(kB, MessageKind::request, 1);
  b.send(kA, MessageKind::request, 1);
  world.run_until([&] { return !b.received.empty() && !a.received.empty(); });
  const auto endpoint = world.network->endpoint(2);
  world.network->stop(2);
  world.run_until([&] { return world.network->losses() == 2; });  // one link each way
  world.network->resume(2);
  EXPECT_EQ(world.network->endpoint(2), endpoint);
  a.send(kB, MessageKind::bulk_put, 2);
  b.send(kA, MessageKind::request, 2);
  world.run_until([&] { return b.received.size() == 2 && a.received.size() == 2; });
  EXPECT_THAT(a.lost, Each(2));
}

TEST_F(TcpNetworkTest, ARefusedConnectionIsReportedAsDisconnected) {
  Tcp::acceptor closed(world.io, Tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
  world.network->set_endpoint(9, closed.local_endpoint());
  closed.close();
  a.send({9, 1}, MessageKind::request, 1);
  world.run_until([&] { return !a.lost.empty(); });
  EXPECT_THAT(a.lost, ElementsAre(9));
  EXPECT_THAT(b.lost, IsEmpty());
  EXPECT_THAT(world.network->last_loss(), HasSubstr("cannot connect"));
}

TEST_F(TcpNetworkTest, AnUnknownNodeIsReportedAsDisconnected) {
  a.send({9, 1}, MessageKind::request, 1);
  world.run_until([&] { return !a.lost.empty(); });
  EXPECT_THAT(a.lost, ElementsAre(9));
  EXPECT_THAT(world.network->last_loss(), HasSubstr("nobody knows where node 9 is"));
}

// Whatever operation is pending, its completion must not meet the dead network.
TEST(TcpNetwork, DestroyedAfterAnyNumberOfCompletionsItLeavesNothingBehind) {
  for (int completions = 0; completions < 60; ++completions) {
    TcpWorld world;
    ASSERT_TRUE(world.network->open(1).ok());
    ASSERT_TRUE(world.network->open(2).ok());
    Party a(world, kA);
    Party b(world, kB);
    for (std::uint64_t xid = 0; xid < 4; ++xid) {
      a.send(kB, MessageKind::bulk_put, xid, content(xid, sim::kMiB / 2));
      b.send(kA, MessageKind::request, xid);
      a.send(kA, MessageKind::request, xid);
    }
    for (int i = 0; i < completions; ++i) {
      world.io.poll_one();
    }
    world.network.reset();
    const auto received = a.received.size() + b.received.size();
    while (world.io.poll() > 0) {
    }
    world.time.tell();
    EXPECT_EQ(a.received.size() + b.received.size(), received);
    EXPECT_EQ(world.loop.pending(), 0u);
  }
}

TEST(TcpNetwork, CompletionsMayOutliveItUntilTheIoContextDies) {
  TcpWorld world;
  ASSERT_TRUE(world.network->open(1).ok());
  ASSERT_TRUE(world.network->open(2).ok());
  Party a(world, kA);
  a.send(kB, MessageKind::request, 1);
  world.io.poll_one();
  world.network.reset();
}

TEST(TcpNetworkDeathTest, OnlyAttachedAddressesSend) {
  TcpWorld world;
  Party a(world, kA);
  world.network->detach(kA);
  EXPECT_DEATH(a.send(kB, MessageKind::request, 1), "an address that is not attached");
}

}  // namespace
}  // namespace transport
