#include "transport/import.h"

#include <gtest/gtest.h>

#include "transport/testing/ping_world.h"

namespace transport::testing {
namespace {

PingRequest numbered(std::uint64_t number) {
  PingRequest request;
  request.number = number;
  return request;
}

PingRequest working(sim::Duration work) {
  PingRequest request;
  request.work = work;
  return request;
}

bool is_reply(const Message& message) {
  return message.header.kind == MessageKind::reply && message.header.opcode == kPing;
}

TEST(Import, ConnectsOnTheFirstCallOnly) {
  PingWorld world;
  world.start_target(4);
  EXPECT_FALSE(world.import.connected());
  for (std::uint64_t i = 0; i < 3; ++i) {
    world.ping(numbered(i));
  }
  ASSERT_TRUE(world.run());
  EXPECT_TRUE(world.import.connected());
  EXPECT_EQ(world.sent(MessageKind::request, kConnect), 1u);
  EXPECT_EQ(world.sent(MessageKind::request, kPing), 3u);
}

TEST(Import, EveryCallGetsItsOwnReply) {
  PingWorld world;
  world.start_target(4);
  for (std::uint64_t i = 0; i < 50; ++i) {
    PingRequest request = numbered(i);
    request.work = sim::microseconds(static_cast<std::int64_t>((i * 37) % 50));
    world.ping(request);
  }
  ASSERT_TRUE(world.run());
  std::vector<bool> seen(50);
  for (const RpcReply& reply : world.replies) {
    ASSERT_EQ(reply.status, sim::Errc::ok);
    seen[static_cast<const PingReply&>(*reply.body).number] = true;
  }
  EXPECT_EQ(std::ranges::count(seen, true), 50);
}

TEST(Import, CallsBeyondTheSlotsWait) {
  PingWorld world;
  world.start_target(20);
  for (std::uint64_t i = 0; i < 20; ++i) {
    world.ping(working(sim::milliseconds(1)));
  }
  ASSERT_TRUE(world.run());
  EXPECT_EQ(world.replies.size(), 20u);
  EXPECT_EQ(world.target->most_under_way, 8u);
}

TEST(Import, LostReplyMakesItReconnectAndSendAgainAfterTheTimeout) {
  PingWorld world;
  world.start_target(1);
  world.network.set_filter(
      [&](const Message& m) { return !is_reply(m) || world.sent(MessageKind::reply, kPing) > 1; });
  world.ping(numbered(7));
  ASSERT_TRUE(world.run());
  EXPECT_EQ(world.replies.front().status, sim::Errc::ok);
  EXPECT_EQ(world.loop.now(), sim::TimePoint() + sim::seconds(100));
  EXPECT_EQ(world.sent(MessageKind::request, kConnect), 2u);
  EXPECT_EQ(world.sent(MessageKind::request, kPing), 2u);
}

TEST(Import, AnIdempotentCallWhoseRepliesAreAllLostHasTimedOut) {
  PingWorld world;
  world.start_target(1);
  world.network.set_filter([](const Message& m) { return !is_reply(m); });
  world.ping(numbered(1));
  ASSERT_TRUE(world.run());
  EXPECT_EQ(world.replies.front().status, sim::Errc::timed_out);
  EXPECT_EQ(world.sent(MessageKind::request, kPing), 3u);  // once, and two resends
}

TEST(Import, ANonIdempotentCallWhoseRepliesAreAllLostHasAnUnknownOutcome) {
  PingWorld world;
  world.start_target(1);
  world.network.set_filter([](const Message& m) { return !is_reply(m); });
  CallOptions options;
  options.idempotent = false;
  world.ping(numbered(1), std::move(options));
  ASSERT_TRUE(world.run());
  EXPECT_EQ(world.replies.front().status, sim::Errc::unknown_outcome);
}

TEST(Import, ANonIdempotentCallThatWasNeverSentIsUnreachable) {
  PingWorld world;
  CallOptions options;
  options.idempotent = false;
  world.ping(numbered(1), std::move(options));
  ASSERT_TRUE(world.run());
  EXPECT_EQ(world.replies.front().status, sim::Errc::unreachable);
  EXPECT_EQ(world.sent(MessageKind::request, kPing), 0u);
}

TEST(Import, AReplyThatComesDuringTheReconnectIsTaken) {
  PingWorld world({}, sim::seconds(1));
  world.start_target(1);
  // Connected at 2 s, given up at 102 s, new connection at 104 s; the reply comes at 103 s.
  world.ping(working(sim::seconds(99)));
  ASSERT_TRUE(world.run());
  EXPECT_EQ(world.replies.front().status, sim::Errc::ok);
  EXPECT_EQ(world.sent(MessageKind::request, kPing), 1u);
  EXPECT_EQ(world.import.in_flight(), 0u);
  EXPECT_EQ(world.endpoint.calls_under_way(), 0u);
}

TEST(Import, CancellingTheOneWhoConnectsLeavesTheOthersTheirConnection) {
  PingWorld world({}, sim::seconds(1));
  world.start_target(2);
  sim::TaskGroup first(world.loop);
  first.spawn(world.call(numbered(1), CallOptions()), "the first caller");
  world.run_for(sim::milliseconds(500));
  world.ping(numbered(2));
  world.run_for(sim::milliseconds(100));
  first.cancel_all();
  ASSERT_TRUE(world.run());
  ASSERT_EQ(world.replies.size(), 1u);
  EXPECT_EQ(world.replies.front().status, sim::Errc::ok);
  EXPECT_EQ(world.sent(MessageKind::request, kConnect), 1u);
}

TEST(Import, ACancelledCallKeepsItsSlotUntilTheReplyComes) {
  PingWorld world({}, sim::seconds(1));
  world.start_target(1);
  world.ping(working(sim::seconds(10)));
  world.run_for(sim::seconds(5));
  world.callers.cancel_all();
  EXPECT_EQ(world.import.slots().available(), 7u);
  EXPECT_EQ(world.endpoint.calls_under_way(), 1u);
  world.run_for(sim::seconds(8));  // the reply comes at 14 s
  EXPECT_EQ(world.import.slots().available(), 7u);
  world.run_for(sim::seconds(2));
  EXPECT_EQ(world.import.slots().available(), 8u);
  EXPECT_EQ(world.endpoint.calls_under_way(), 0u);
}

// Steps a world of three callers `steps` events far, cancels them and lets the rest happen. Returns
// whether everything had already ended.
bool cancel_after(std::size_t steps, bool lose_replies) {
  PingWorld world({}, sim::milliseconds(1));
  world.start_target(1);
  if (lose_replies) {
    world.network.set_filter([](const Message& m) { return !is_reply(m); });
  }
  for (std::uint64_t i = 0; i < 3; ++i) {
    PingRequest request = numbered(i);
    request.pull = i == 1;
    request.push = i == 2 ? 100 : 0;
    CallOptions options;
    options.bulk = Payload::unknown(10);
    world.ping(request, std::move(options));
  }
  for (std::size_t i = 0; i < steps && world.loop.alive() > 0; ++i) {
    world.loop.step();
  }
  const bool ended = world.loop.alive() == 0;
  world.callers.cancel_all();
  world.run_for(sim::seconds(1000));
  EXPECT_EQ(world.import.slots().available(), 8u) << steps;
  EXPECT_EQ(world.endpoint.calls_under_way(), 0u) << steps;
  EXPECT_EQ(world.import.in_flight(), 0u) << steps;
  EXPECT_EQ(world.target->under_way, 0u) << steps;
  return ended;
}

TEST(Import, ACancelledCallGivesEverythingBackWhereverItWas) {
  for (const bool lose_replies : {false, true}) {
    std::size_t steps = 0;
    while (!cancel_after(steps, lose_replies)) {
      ASSERT_LT(++steps, 1000u);
    }
    EXPECT_GT(steps, 10u);
  }
}

TEST(Import, DisconnectsWhenIdleAndConnectsAgainOnTheNextCall) {
  PingWorld world;
  world.start_target(1);
  world.ping(numbered(1));
  ASSERT_TRUE(world.run());
  world.run_for(sim::seconds(20) - sim::nanoseconds(1));
  EXPECT_TRUE(world.import.connected());
  world.run_for(sim::nanoseconds(1));
  EXPECT_FALSE(world.import.connected());
  EXPECT_EQ(world.sent(MessageKind::request, kDisconnect), 1u);
  world.ping(numbered(2));
  ASSERT_TRUE(world.run());
  EXPECT_EQ(world.replies.back().status, sim::Errc::ok);
  EXPECT_EQ(world.sent(MessageKind::request, kConnect), 2u);
}

TEST(Import, ACallUnderWayKeepsTheLinkOpen) {
  PingWorld world;
  world.start_target(1);
  world.ping(working(sim::seconds(90)));
  ASSERT_TRUE(world.run());
  EXPECT_EQ(world.sent(MessageKind::request, kDisconnect), 0u);
}

TEST(Import, AServerThatForgotTheConnectionIsConnectedToOnceForAllCalls) {
  PingWorld world({}, sim::milliseconds(1));
  world.start_target(8);
  world.ping(numbered(0));
  ASSERT_TRUE(world.run());
  world.start_target(8);
  for (std::uint64_t i = 1; i <= 8; ++i) {
    world.ping(numbered(i));
  }
  ASSERT_TRUE(world.run());
  EXPECT_EQ(world.replies.size(), 9u);
  for (const RpcReply& reply : world.replies) {
    EXPECT_EQ(reply.status, sim::Errc::ok);
  }
  EXPECT_EQ(world.sent(MessageKind::request, kConnect), 2u);
  EXPECT_EQ(world.target->finished, 8u);
}

TEST(Import, ALostConnectionIsNoticedAtOnce) {
  PingWorld world({}, sim::milliseconds(1));
  world.start_target(1);
  world.ping(working(sim::seconds(1)));
  world.run_for(sim::milliseconds(500));
  world.network.disconnect(kServerAddress.node, kClientAddress.node);
  EXPECT_FALSE(world.import.connected());
  ASSERT_TRUE(world.run());
  EXPECT_EQ(world.replies.front().status, sim::Errc::ok);
  EXPECT_LT(world.loop.now(), sim::TimePoint() + sim::seconds(2));
  EXPECT_EQ(world.target->finished, 1u);  // the first copy was still there and answered
}

class StrayMessages : public ::testing::Test {
 protected:
  StrayMessages() {
    world_.start_target(1);
    world_.network.set_filter([this](const Message& m) {
      if (m.header.kind == MessageKind::request && m.header.opcode == kPing) {
        xid_ = m.header.xid;
      }
      return true;
    });
  }
  void send_reply(Address from, Opcode opcode, std::uint64_t number) {
    auto message = std::make_unique<Message>();
    message->from = from;
    message->to = kClientAddress;
    message->header.kind = MessageKind::reply;
    message->header.opcode = opcode;
    message->header.xid = xid_;
    auto body = std::make_unique<PingReply>();
    body->number = number;
    message->body = std::move(body);
    world_.network.send(std::move(message));
  }
  std::uint64_t number() const {
    return static_cast<const PingReply&>(*world_.replies.back().body).number;
  }
  PingWorld world_{ImportOptions(), sim::milliseconds(1)};
  std::uint64_t xid_ = 0;
};

TEST_F(StrayMessages, AForgedReplyIsDropped) {
  PingRequest request = working(sim::seconds(1));
  request.number = 3;
  world_.ping(request);
  world_.run_for(sim::milliseconds(10));
  send_reply({9, 9}, kPing, 66);
  send_reply(kServerAddress, kPing + 1, 66);
  ASSERT_TRUE(world_.run());
  EXPECT_EQ(number(), 3u);
}

TEST_F(StrayMessages, ADuplicateReplyIsDropped) {
  world_.ping(numbered(3));
  ASSERT_TRUE(world_.run());
  send_reply(kServerAddress, kPing, 66);
  world_.ping(numbered(4));
  ASSERT_TRUE(world_.run());
  EXPECT_EQ(number(), 4u);
  EXPECT_EQ(world_.replies.size(), 2u);
}

}  // namespace
}  // namespace transport::testing
