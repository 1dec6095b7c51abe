// Peers that break the rules: each loses its connection, and the others go on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "transport/tcp_network.h"
#include "transport/tcp_test_world.h"

namespace transport {
namespace {

using test::content;
using test::frame_of;
using test::Party;
using test::RawPeer;
using test::TcpWorld;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr Address kA{1, 10};
constexpr Address kB{2, 20};
constexpr NodeId kStranger = 7;
constexpr Hello kHello{kStranger, 1, TrafficClass::control, 1};

std::vector<std::byte> request_frame() {
  Message m;
  m.from = {kStranger, 1};
  m.to = kA;
  m.header.opcode = example::kCount;
  m.body = std::make_unique<example::CountRequest>();
  return frame_of(m);
}

std::vector<std::byte> bulk_frame() {
  Message m;
  m.from = {kStranger, 1};
  m.to = kA;
  m.header.kind = MessageKind::bulk_put;
  m.bulk = content(1, 1000);
  return frame_of(m);
}

void put_u32(std::vector<std::byte>& frame, std::size_t at, std::uint32_t value) {
  boost::endian::store_little_u32(reinterpret_cast<unsigned char*>(frame.data() + at), value);
}

struct Attack {
  const char* name;
  std::function<void(RawPeer&)> carry_out;
  const char* reason;
  bool greeted;  // so that receivers hear of the loss
};

void PrintTo(const Attack& attack, std::ostream* out) { *out << attack.name; }

std::vector<Attack> attacks() {
  const auto changed = [](std::vector<std::byte> frame, std::size_t at, std::uint32_t value) {
    put_u32(frame, at, value);
    return frame;
  };
  const auto greet_and_write = [](std::vector<std::byte> bytes) {
    return [bytes](RawPeer& peer) {
      peer.greet(kHello);
      peer.write(bytes);
    };
  };
  const auto half = request_frame();
  return {
      {"GarbageInsteadOfAHello",
       [](RawPeer& p) { p.write(std::vector<std::byte>(500, std::byte{'x'})); }, "hello refused",
       false},
      {"HelloToAnotherNode",
       [](RawPeer& p) {
         p.greet({kStranger, 2, TrafficClass::control, 1});
       },
       "at node 1", false},
      {"HelloInTheNameOfTheNodeItself",
       [](RawPeer& p) {
         p.greet({1, 1, TrafficClass::control, 1});
       },
       "at node 1", false},
      {"HalfAHelloThenTheEnd",
       [](RawPeer& p) {
         p.write(std::vector<std::byte>(5));
         p.socket.shutdown(test::Tcp::socket::shutdown_send);
       },
       "before a whole hello", false},
      {"GarbageInsteadOfAFrame", greet_and_write(std::vector<std::byte>(16, std::byte{'x'})),
       "it begins with", true},
      {"AnEndlessHead", greet_and_write(changed(request_frame(), 8, 0xFFFFFFFF)),
       "a head of 4294967295 bytes", true},
      {"AnEndlessBulk", greet_and_write(changed(request_frame(), 12, 0xFFFFFFFF)),
       "bulk of 4294967295 bytes", true},
      {"HalfAFrameThenTheEnd",
       [half](RawPeer& p) {
         p.greet(kHello);
         p.write(std::span(half).first(half.size() / 2));
         p.socket.shutdown(test::Tcp::socket::shutdown_send);
       },
       "before the end of a frame", true},
      {"AFrameInTheNameOfAnother", greet_and_write(changed(request_frame(), 30, 2)),
       "a message from node 2 to node 1", true},
      {"AnUnknownOperation", greet_and_write(changed(request_frame(), 16, 0xFFFF)),
       "no body of this operation", true},
      {"BulkOnTheControlConnection", greet_and_write(bulk_frame()), "of the other class", true},
  };
}

struct HostilePeer : ::testing::TestWithParam<Attack> {};

TEST_P(HostilePeer, LosesItsConnectionAndTheOthersGoOn) {
  const Attack& attack = GetParam();
  TcpWorld world;
  ASSERT_TRUE(world.network->open(1).ok());
  ASSERT_TRUE(world.network->open(2).ok());
  Party a(world, kA);
  Party b(world, kB);
  b.send(kA, MessageKind::request, 1);
  world.run_until([&] { return a.received.size() == 1; });

  RawPeer peer(world, 1);
  attack.carry_out(peer);
  world.run_until([&] { return peer.cut_off && a.lost.size() == (attack.greeted ? 1u : 0u); });
  EXPECT_THAT(world.network->last_loss(), HasSubstr(attack.reason));
  EXPECT_EQ(world.network->losses(), 1u);

  b.send(kA, MessageKind::request, 2);
  a.send(kB, MessageKind::bulk_put, 3, content(3, 100));
  world.run_until([&] { return a.received.size() == 2 && b.received.size() == 1; });
  EXPECT_THAT(a.lost, attack.greeted ? ::testing::Matcher<std::vector<NodeId>>(ElementsAre(7))
                                     : ::testing::Matcher<std::vector<NodeId>>(IsEmpty()));
  EXPECT_THAT(b.lost, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Attacks, HostilePeer, ::testing::ValuesIn(attacks()),
                         [](const auto& attack) { return attack.param.name; });

struct ForeignPeer : ::testing::Test {
  ForeignPeer() { EXPECT_TRUE(world.network->open(1).ok()); }
  TcpWorld world;
  Party a{world, kA};
};

TEST_F(ForeignPeer, ThatKeepsTheRulesIsHeard) {
  RawPeer peer(world, 1);
  peer.greet(kHello);
  peer.write(request_frame());
  peer.write(request_frame());
  world.run_until([&] { return a.received.size() == 2; });
  EXPECT_FALSE(peer.cut_off);
}

TEST_F(ForeignPeer, WithANewerLinkReplacesItsOlderOne) {
  RawPeer old_peer(world, 1);
  old_peer.greet(kHello);
  old_peer.write(request_frame());
  world.run_until([&] { return a.received.size() == 1; });
  RawPeer new_peer(world, 1);
  new_peer.greet({kStranger, 1, TrafficClass::bulk, 2});
  new_peer.write(bulk_frame());
  world.run_until([&] { return a.received.size() == 2 && old_peer.cut_off; });
  EXPECT_THAT(a.lost, ElementsAre(kStranger));
  EXPECT_FALSE(new_peer.cut_off);
}

TEST_F(ForeignPeer, WithAnOlderLinkIsRefused) {
  RawPeer peer(world, 1);
  peer.greet({kStranger, 1, TrafficClass::control, 5});
  peer.write(request_frame());
  world.run_until([&] { return a.received.size() == 1; });
  RawPeer late(world, 1);
  late.greet({kStranger, 1, TrafficClass::bulk, 4});
  world.run_until([&] { return late.cut_off; });
  EXPECT_THAT(world.network->last_loss(), HasSubstr("it belongs to an older link"));
  EXPECT_FALSE(peer.cut_off);
  EXPECT_THAT(a.lost, IsEmpty());
}

TEST_F(ForeignPeer, GreetingTwiceForOneConnectionIsRefused) {
  RawPeer peer(world, 1);
  peer.greet(kHello);
  peer.write(request_frame());
  world.run_until([&] { return a.received.size() == 1; });
  RawPeer twin(world, 1);
  twin.greet(kHello);
  world.run_until([&] { return twin.cut_off; });
  EXPECT_THAT(world.network->last_loss(), HasSubstr("the link has such a connection"));
  EXPECT_FALSE(peer.cut_off);
}

TEST_F(ForeignPeer, ThatStaysSilentMakesRoomForOthers) {
  std::vector<std::unique_ptr<RawPeer>> silent;
  for (int i = 0; i < 65; ++i) {
    silent.push_back(std::make_unique<RawPeer>(world, 1));
  }
  world.run_until([&] { return silent.front()->cut_off; });
  EXPECT_FALSE(silent[1]->cut_off);
  silent.back()->greet(kHello);
  silent.back()->write(request_frame());
  world.run_until([&] { return a.received.size() == 1; });
}

// The sending end watches its connection: whoever writes back against the direction is cut off.
TEST_F(ForeignPeer, ThatAnswersOnASendersConnectionLosesIt) {
  test::Tcp::acceptor acceptor(world.io,
                               test::Tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
  world.network->set_endpoint(9, acceptor.local_endpoint());
  a.send({9, 1}, MessageKind::request, 1);
  RawPeer peer(world);
  peer.socket = acceptor.accept();
  peer.write(std::vector<std::byte>(1));
  world.run_until([&] { return !a.lost.empty(); });
  EXPECT_THAT(a.lost, ElementsAre(9));
  EXPECT_THAT(world.network->last_loss(), HasSubstr("against the direction"));
}

}  // namespace
}  // namespace transport
