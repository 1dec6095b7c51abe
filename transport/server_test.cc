#include "transport/server.h"

#include <gtest/gtest.h>

#include "transport/testing/raw_client.h"

namespace transport::testing {
namespace {

PingRequest pulling(std::uint64_t number = 0) {
  PingRequest request;
  request.number = number;
  request.pull = true;
  return request;
}

CallOptions with_bulk(sim::Bytes size) {
  CallOptions options;
  options.bulk = Payload::unknown(size);
  return options;
}

TEST_F(RawClient, RequestWithoutConnectionIsAnsweredBadHandle) {
  send(MessageKind::request, kPing, 5, 0, std::make_unique<PingRequest>());
  ASSERT_EQ(listener_.messages.size(), 1u);
  EXPECT_EQ(listener_.messages.front()->header.status, sim::Errc::bad_handle);
  EXPECT_EQ(listener_.messages.front()->header.xid, 5u);
  EXPECT_TRUE(world_.target->started.empty());
}

TEST_F(RawClient, RequestOverAnEarlierConnectionIsAnsweredBadHandle) {
  const std::uint32_t first = connect();
  const std::uint32_t second = connect();
  EXPECT_NE(first, second);
  send(MessageKind::request, kPing, 5, first, std::make_unique<PingRequest>());
  EXPECT_EQ(listener_.messages.back()->header.status, sim::Errc::bad_handle);
  EXPECT_EQ(listener_.messages.back()->header.generation, first);
  send(MessageKind::request, kPing, 5, second, std::make_unique<PingRequest>());
  EXPECT_EQ(listener_.messages.back()->header.status, sim::Errc::ok);
}

TEST_F(RawClient, UnknownOpcodeIsRefusedAndTheServerLivesOn) {
  const std::uint32_t generation = connect();
  send(MessageKind::request, kPing + 1, 5, generation, std::make_unique<PingRequest>());
  EXPECT_EQ(listener_.messages.back()->header.status, sim::Errc::not_supported);
  send(MessageKind::request, kPing, 6, generation, nullptr);
  EXPECT_EQ(listener_.messages.back()->header.status, sim::Errc::not_supported);
  EXPECT_EQ(world_.target->server.refused(), 2u);
  send(MessageKind::request, kPing, 7, generation, std::make_unique<PingRequest>());
  EXPECT_EQ(listener_.messages.back()->header.status, sim::Errc::ok);
}

TEST_F(RawClient, BulkThatNobodyWaitsForIsDropped) {
  connect();
  send(MessageKind::bulk_put, 0, 5, 0, nullptr);
  send(MessageKind::bulk_ack, 0, 5, 0, nullptr);
  send(MessageKind::reply, kPing, 5, 0, std::make_unique<PingReply>());
  EXPECT_EQ(world_.target->server.refused(), 3u);
  EXPECT_EQ(listener_.messages.size(), 1u);
}

TEST_F(RawClient, AKeptReplyAnswersTheRequestSentAgainAndNothingIsDoneTwice) {
  const std::uint32_t generation = connect();
  PingRequest request;
  request.keep = true;
  request.number = 42;
  send(MessageKind::request, kPing, 5, generation, request.clone());
  send(MessageKind::request, kPing, 5, generation, request.clone(), true);
  send(MessageKind::request, kPing, 5, connect(generation), request.clone(), true);
  EXPECT_EQ(static_cast<const PingReply&>(*listener_.messages.back()->body).number, 42u);
  EXPECT_EQ(world_.target->started.size(), 1u);
}

TEST_F(RawClient, OfEverySlotTheReplyIsKeptHoweverManyThereAre) {
  generation_ = connect();
  constexpr std::uint16_t kSlots = 300;
  for (std::uint16_t slot = 0; slot < kSlots; ++slot) {
    keep(100 + slot, slot, false);
  }
  for (std::uint16_t slot = 0; slot < kSlots; ++slot) {
    EXPECT_EQ(keep(100 + slot, slot, true), kSlots) << slot;
  }
  EXPECT_EQ(keep(1000, 0xFFFF, false), kSlots + 1u);
  EXPECT_EQ(keep(1000, 0xFFFF, true), kSlots + 1u);
}

TEST_F(RawClient, AReplyIsKeptUntilItsSlotIsUsedAgain) {
  generation_ = connect();
  keep(100, 7, false);
  for (std::uint64_t xid = 101; xid < 200; ++xid) {
    keep(xid, 8, false);
  }
  EXPECT_EQ(keep(100, 7, true), 100u);
  EXPECT_EQ(keep(200, 7, false), 101u);
  EXPECT_EQ(keep(200, 7, true), 101u);
  EXPECT_EQ(keep(100, 7, true), 102u) << "its sender said it had ended";
  EXPECT_EQ(keep(200, 7, true), 102u) << "what came late does not displace a younger reply";
}

TEST(Server, BulkIsPulledOnlyWhenAThreadHoldsTheRequest) {
  PingWorld world;
  world.start_target(1);
  PingRequest first = pulling();
  first.work = sim::seconds(1);
  world.ping(first, with_bulk(4096));
  world.ping(pulling(), with_bulk(4096));
  world.run_for(sim::milliseconds(999));
  EXPECT_EQ(world.sent(MessageKind::bulk_get, kPing), 0u);
  world.run_for(sim::milliseconds(2));
  EXPECT_EQ(world.sent(MessageKind::bulk_get, kPing), 2u);
  ASSERT_TRUE(world.run());
  for (const RpcReply& reply : world.replies) {
    EXPECT_EQ(static_cast<const PingReply&>(*reply.body).pulled, 4096u);
  }
}

TEST(Server, PushedBulkComesWithTheReply) {
  PingWorld world;
  world.start_target(1);
  PingRequest request;
  request.push = sim::kMiB;
  world.ping(request);
  ASSERT_TRUE(world.run());
  EXPECT_EQ(world.replies.front().bulk.size(), sim::kMiB);
}

TEST(Server, AClientThatNeverSendsItsBulkLosesTheThreadAfterAHundredSeconds) {
  PingWorld world;
  world.start_target(1);
  world.network.set_filter([](const Message& m) { return m.header.kind != MessageKind::bulk_put; });
  world.ping(pulling(1), with_bulk(10));
  world.run_for(sim::milliseconds(1));
  world.callers.cancel_all();
  world.run_for(sim::seconds(100) - sim::milliseconds(2));
  EXPECT_EQ(world.target->under_way, 1u);
  world.run_for(sim::milliseconds(1));
  EXPECT_EQ(world.target->under_way, 0u);
}

TEST(Server, ARequestSentAgainBecauseItsBulkWasLostTakesThePlaceOfTheFirst) {
  PingWorld world({}, sim::milliseconds(1));
  world.start_target(2);
  world.network.set_filter([&](const Message& m) {
    return m.header.kind != MessageKind::bulk_put || world.sent(MessageKind::bulk_put, 0) > 1;
  });
  world.ping(pulling(1), with_bulk(10));
  ASSERT_TRUE(world.run());
  ASSERT_EQ(world.replies.front().status, sim::Errc::ok);
  EXPECT_EQ(static_cast<const PingReply&>(*world.replies.front().body).pulled, 10u);
  world.run_for(sim::seconds(1));
  EXPECT_EQ(world.target->started.size(), 2u);
  EXPECT_EQ(world.target->under_way, 0u);
  EXPECT_EQ(world.sent(MessageKind::reply, kPing), 1u);  // the first copy says nothing
}

TEST(Server, ARequestSentAgainWhileTheFirstIsAtWorkIsNotCarriedOutTwice) {
  PingWorld world({}, sim::milliseconds(1));
  world.start_target(2);
  PingRequest request;
  request.work = sim::seconds(150);
  world.ping(request);
  ASSERT_TRUE(world.run());
  EXPECT_EQ(world.replies.front().status, sim::Errc::ok);
  EXPECT_EQ(world.target->started.size(), 1u);
  EXPECT_EQ(world.sent(MessageKind::request, kPing), 2u);
}

TEST(Server, AClientWhoseConnectionBreaksLosesTheThreadAtOnce) {
  PingWorld world;
  world.start_target(1);
  world.network.set_filter([](const Message& m) { return m.header.kind != MessageKind::bulk_ack; });
  PingRequest request;
  request.push = 10;
  world.ping(request);
  world.run_for(sim::seconds(1));
  EXPECT_EQ(world.target->under_way, 1u);
  world.callers.cancel_all();
  world.target->server.disconnected(kClientAddress.node);
  world.run_for(sim::seconds(1));
  EXPECT_EQ(world.target->under_way, 0u);
  EXPECT_EQ(world.sent(MessageKind::reply, kPing), 0u);
}

TEST(Server, CanBeDestroyedWithRequestsInEveryState) {
  for (int milliseconds = 0; milliseconds < 12; ++milliseconds) {
    PingWorld world({}, sim::milliseconds(1));
    world.start_target(1);
    PingRequest request = pulling();
    request.work = sim::milliseconds(1);
    request.push = 10;
    for (int i = 0; i < 3; ++i) {
      world.ping(request, with_bulk(10));
    }
    world.run_for(sim::milliseconds(milliseconds));
    world.target.reset();
    world.run_for(sim::seconds(1));
  }
}

}  // namespace
}  // namespace transport::testing
