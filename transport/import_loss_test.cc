// What answers are worth whose server has evicted the client since, or has started anew.
#include <gtest/gtest.h>

#include "transport/testing/ping_world.h"

namespace transport::testing {
namespace {

using sim::milliseconds;
using sim::seconds;

// A call whose answer is sent at 102 s and arrives at 103 s, when the client has given it up and
// waits for the connection that it asked for at 102 s and gets at 104 s.
class LateAnswer : public ::testing::Test {
 protected:
  void start_target() {
    world_.start_target(1);
    world_.target->server.number_changes(0, 0, [] {});
  }
  // `meanwhile` happens at `when`. True if the answer was forgotten.
  template <typename Meanwhile>
  bool forgotten_if(sim::Duration when, Meanwhile meanwhile) {
    start_target();
    PingRequest request;
    request.work = seconds(99);
    world_.ping(request);
    world_.run_for(when);
    meanwhile();
    EXPECT_TRUE(world_.run());
    EXPECT_EQ(world_.replies.size(), 1u);
    EXPECT_EQ(world_.replies.front().status, sim::Errc::ok);
    EXPECT_EQ(world_.sent(MessageKind::request, kPing), 1u);
    return world_.replies.front().forgotten;
  }
  PingWorld world_{{}, seconds(1)};
};

TEST_F(LateAnswer, HoldsIfTheServerStillKnowsTheClient) {
  EXPECT_FALSE(forgotten_if(milliseconds(102'500), [] {}));
}

TEST_F(LateAnswer, IsForgottenIfTheServerHasEvictedTheClientSince) {
  EXPECT_TRUE(
      forgotten_if(milliseconds(102'500), [this] { world_.target->server.evict(kClientAddress); }));
  EXPECT_EQ(world_.import.evictions(), 1u);
}

TEST_F(LateAnswer, IsForgottenIfTheServerHasStartedAnewSince) {
  EXPECT_TRUE(forgotten_if(milliseconds(102'500), [this] {
    start_target();
    world_.target->server.recover({kClientAddress}, seconds(300));
  }));
  EXPECT_EQ(world_.import.evictions(), 0u);
}

TEST_F(LateAnswer, HoldsIfItIsTheNewServersOwn) {
  start_target();
  PingRequest first;
  world_.ping(first);
  EXPECT_TRUE(world_.run());
  start_target();
  world_.target->server.recover({kClientAddress}, seconds(300));
  world_.ping(first);
  EXPECT_TRUE(world_.run());
  ASSERT_EQ(world_.replies.size(), 2u);
  EXPECT_EQ(world_.replies.back().status, sim::Errc::ok);
  EXPECT_FALSE(world_.replies.back().forgotten);
}

// What a server did not get back while it recovered is lost, although it says then that all it
// knows is stable.
// `connects`: the client is heard during the recovery, but nothing that it brings back.
void expect_told_as_lost(bool connects) {
  PingWorld world({}, milliseconds(1));
  world.start_target(1);
  world.target->server.number_changes(0, 0, [] {});
  std::uint64_t undone = 0;
  world.import.set_undone_hook(
      [&](Opcode, const Body&, const Payload&, const Payload*) { ++undone; });
  world.ping({});
  ASSERT_TRUE(world.run());
  std::uint64_t xid = 0;
  world.network.set_filter([&](const Message& m) {
    xid = m.header.opcode == kPing ? m.header.xid : xid;
    return m.header.kind != MessageKind::request;
  });
  CallOptions options;
  options.replays = true;
  options.bulk = Payload::unknown(10);
  world.ping({}, std::move(options));
  world.run_for(milliseconds(10));
  auto carried_out = std::make_unique<Message>();
  carried_out->from = kServerAddress;
  carried_out->to = kClientAddress;
  carried_out->header.kind = MessageKind::reply;
  carried_out->header.opcode = kPing;
  carried_out->header.xid = xid;
  carried_out->header.transno = 1;
  carried_out->body = std::make_unique<PingReply>();
  world.network.send(std::move(carried_out));
  world.run_for(milliseconds(10));
  ASSERT_EQ(world.import.most_unstable(), 10u);

  world.start_target(1);
  world.target->server.number_changes(1, 0, [&] { world.target->server.committed(1); });
  world.target->server.recover({kClientAddress}, seconds(300));
  if (connects) {
    world.network.set_filter([](const Message& m) {
      return m.header.kind != MessageKind::request || m.header.opcode == kConnect;
    });
    world.ping({});
    world.network.disconnect(kServerAddress.node, kClientAddress.node);
  }
  world.run_for(seconds(301));
  EXPECT_EQ(world.target->server.evictions(), 1u);
  EXPECT_EQ(undone, connects ? 1u : 0u) << "a client that is not heard does not know yet";
  world.network.set_filter({});
  world.ping({});
  world.run_for(seconds(100));
  EXPECT_EQ(undone, 1u);
  EXPECT_EQ(world.import.lost_unstable(), 10u);
}

TEST(UnstableCall, IsToldAsLostByAClientThatComesBackAfterTheRecovery) {
  expect_told_as_lost(false);
}

TEST(UnstableCall, IsToldAsLostByAClientThatCameBackButDidNotBringIt) { expect_told_as_lost(true); }

// A target that keeps what clients hold there does not answer: it is asked again after 5 s, 10 s
// and so on, but never later than a call would be given up.
TEST(Reconnect, IsTriedWithinTheTimeOut) {
  ImportOptions options;
  options.timeout = seconds(7);
  PingWorld world(options);
  world.start_target(1);
  world.target->server.number_changes(0, 0, [] {});
  world.ping({});
  EXPECT_TRUE(world.run());
  EXPECT_EQ(world.import.reconnects(), 0u);
  world.network.set_filter([](const Message&) { return false; });
  world.ping({});
  world.run_for(seconds(7 + 5));
  const std::uint64_t tried = world.sent(MessageKind::request, kConnect);
  world.run_for(seconds(70));
  EXPECT_EQ(world.sent(MessageKind::request, kConnect), tried + 10u);
  world.network.set_filter({});
  world.run_for(seconds(7));
  EXPECT_EQ(world.replies.size(), 2u);
  EXPECT_EQ(world.import.reconnects(), 1u);
}

}  // namespace
}  // namespace transport::testing
