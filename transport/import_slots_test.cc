// What the slots of a client's calls are for: a target keeps one reply for each.
#include <gtest/gtest.h>

#include <map>
#include <utility>

#include "transport/testing/ping_world.h"

namespace transport::testing {
namespace {

bool is_reply(const Message& message) {
  return message.header.kind == MessageKind::reply && message.header.opcode == kPing;
}

// The first ping's reply is lost; until it is sent again, the other slots do much.
TEST(ImportSlots, WhateverHappensMeanwhileALostReplyIsNotProducedTwice) {
  PingWorld world;
  world.start_target(8);
  bool lost = false;
  world.network.set_filter([&](const Message& m) {
    const bool lose = is_reply(m) && !std::exchange(lost, lost || is_reply(m));
    return !lose;
  });
  constexpr std::uint64_t kPings = 1000;
  for (std::uint64_t i = 0; i < kPings; ++i) {
    PingRequest request;
    request.number = i;
    request.keep = true;
    CallOptions options;
    options.idempotent = false;
    world.ping(request, std::move(options));
  }
  ASSERT_TRUE(world.run());
  EXPECT_EQ(world.replies.size(), kPings);
  for (const RpcReply& reply : world.replies) {
    EXPECT_EQ(reply.status, sim::Errc::ok);
  }
  EXPECT_EQ(static_cast<const PingReply&>(*world.replies.back().body).number, 0u);
  EXPECT_EQ(world.sent(MessageKind::request, kPing), kPings + 1);
  EXPECT_EQ(world.target->started.size(), kPings);
}

TEST(ImportSlots, CallsUnderWayHaveSlotsOfTheirOwnAndUseThemAgain) {
  PingWorld world({}, sim::milliseconds(1));
  world.start_target(20);
  std::map<std::uint16_t, std::uint64_t> in_slot;  // of calls without a reply yet
  std::uint16_t largest = 0;
  world.network.set_filter([&](const Message& m) {
    if (m.header.opcode == kPing && m.header.kind == MessageKind::request) {
      EXPECT_TRUE(in_slot.emplace(m.header.slot, m.header.xid).second);
      largest = std::max(largest, m.header.slot);
    } else if (is_reply(m)) {
      std::erase_if(in_slot, [&](const auto& entry) { return entry.second == m.header.xid; });
    }
    return true;
  });
  PingRequest request;
  request.work = sim::milliseconds(1);
  for (std::uint64_t i = 0; i < 50; ++i) {
    world.ping(request);
  }
  ASSERT_TRUE(world.run());
  EXPECT_LE(largest, 8) << "eight calls, and the one that connects";
}

}  // namespace
}  // namespace transport::testing
