#include "transport/traffic.h"

#include <gtest/gtest.h>

namespace transport {
namespace {

Message message(MessageKind kind, Opcode opcode, sim::Bytes bulk) {
  Message m;
  m.header.kind = kind;
  m.header.opcode = opcode;
  m.bulk = Payload::unknown(bulk);
  return m;
}

TEST(TrafficCounts, CountMessagesAndBytesPerKindAndOpcode) {
  TrafficCounts counts;
  counts.count(message(MessageKind::bulk_put, 3, 1000));
  counts.count(message(MessageKind::bulk_put, 3, 500));
  counts.count(message(MessageKind::request, 3, 0));
  counts.count(message(MessageKind::bulk_put, 65535, 7));
  EXPECT_EQ(counts.of(MessageKind::bulk_put, 3),
            (Traffic{.messages = 2, .wire_bytes = 1500 + 2 * kLnetOverhead, .bulk_bytes = 1500}));
  EXPECT_EQ(counts.of(MessageKind::request, 3),
            (Traffic{.messages = 1, .wire_bytes = kLnetOverhead, .bulk_bytes = 0}));
  EXPECT_EQ(counts.of(MessageKind::reply, 3), Traffic());
  EXPECT_EQ(counts.total(),
            (Traffic{.messages = 4, .wire_bytes = 1507 + 4 * kLnetOverhead, .bulk_bytes = 1507}));
}

TEST(TrafficCounts, EqualWhenTheSameWasCountedInAnyOrder) {
  const Message a = message(MessageKind::reply, 1, 10);
  const Message b = message(MessageKind::reply, 2, 20);
  TrafficCounts first;
  first.count(a);
  first.count(b);
  TrafficCounts second;
  second.count(b);
  EXPECT_FALSE(first == second);
  second.count(a);
  EXPECT_TRUE(first == second);
}

}  // namespace
}  // namespace transport
