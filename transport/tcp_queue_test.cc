// What waits to be sent to a peer that takes nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/read.hpp>

#include "transport/tcp_network.h"
#include "transport/tcp_test_world.h"

namespace transport {
namespace {

using test::content;
using test::Party;
using test::RawPeer;
using test::Tcp;
using test::TcpWorld;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr Address kA{1, 10};

// A node 9 of another process, which reads what the test says and no more.
struct SlowNode {
  explicit SlowNode(TcpWorld& w)
      : world(w), acceptor(w.io, Tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)) {
    world.network->set_endpoint(9, acceptor.local_endpoint());
  }
  // Takes the next connection and returns what it says of itself.
  Hello accept(RawPeer& peer) {
    peer.socket = acceptor.accept();
    std::array<std::byte, kHelloSize> bytes{};
    bool whole = false;
    boost::asio::async_read(peer.socket, boost::asio::buffer(bytes),
                            [&](boost::system::error_code error, std::size_t) {
                              whole = !error;
                              world.changed();
                            });
    world.run_until([&] { return whole; });
    return *decode_hello(bytes);
  }
  TcpWorld& world;
  Tcp::acceptor acceptor;
};

TEST(TcpQueues, BulkThatIsNotTakenDoesNotHoldUpControl) {
  TcpWorld world;
  ASSERT_TRUE(world.network->open(1).ok());
  Party a(world, kA);
  SlowNode node(world);
  for (std::uint64_t xid = 0; xid < 8; ++xid) {
    a.send({9, 1}, MessageKind::bulk_put, xid, content(xid, 4 * sim::kMiB));
  }
  a.send({9, 1}, MessageKind::request, 77);
  std::array<std::unique_ptr<RawPeer>, kTrafficClasses> peers;
  for (int i = 0; i < 2; ++i) {
    auto peer = std::make_unique<RawPeer>(world);
    const Hello hello = node.accept(*peer);
    EXPECT_EQ(hello.from, 1u);
    EXPECT_EQ(hello.to, 9u);
    peers[static_cast<std::size_t>(hello.traffic)] = std::move(peer);
  }
  RawPeer& control = *peers[static_cast<std::size_t>(TrafficClass::control)];
  control.watch();
  world.run_until([&] { return control.arrived.size() >= 96 + 200; });
  const auto message = decode_frame(control.arrived, example::kDecode);
  ASSERT_TRUE(message.ok()) << message.error().message;
  EXPECT_EQ((*message)->header.xid, 77u);
  EXPECT_THAT(a.lost, IsEmpty());
}

TEST(TcpQueues, ASendQueueOverItsBoundIsALostPeer) {
  TcpWorld world(TcpQueueLimits{.messages = 1000, .bytes = 32 * sim::kMiB});
  ASSERT_TRUE(world.network->open(1).ok());
  Party a(world, kA);
  SlowNode node(world);
  for (std::uint64_t xid = 0; xid < 8; ++xid) {
    a.send({9, 1}, MessageKind::bulk_put, xid, content(xid, 4 * sim::kMiB));
  }
  EXPECT_EQ(world.network->losses(), 0u);  // the eighth begins below the bound
  a.send({9, 1}, MessageKind::bulk_put, 8, content(8, 1));
  EXPECT_EQ(world.network->losses(), 1u);
  EXPECT_THAT(world.network->last_loss(), HasSubstr("the send queue is full"));
  EXPECT_THAT(a.lost, IsEmpty());  // not inline
  world.run_until([&] { return !a.lost.empty(); });
  EXPECT_THAT(a.lost, ElementsAre(9));
}

TEST(TcpQueues, AQueueOfTooManyMessagesIsALostPeer) {
  TcpWorld world(TcpQueueLimits{.messages = 4, .bytes = sim::kGiB});
  ASSERT_TRUE(world.network->open(1).ok());
  Party a(world, kA);
  SlowNode node(world);
  for (std::uint64_t xid = 0; xid < 3; ++xid) {
    a.send({9, 1}, MessageKind::request, xid);  // the hello waits as well
  }
  EXPECT_EQ(world.network->losses(), 0u);
  a.send({9, 1}, MessageKind::request, 3);
  EXPECT_EQ(world.network->losses(), 1u);
}

}  // namespace
}  // namespace transport
