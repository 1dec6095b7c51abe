#include "transport/message_codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "transport/example_protocol.h"

namespace transport {
namespace {

using example::CountReply;
using example::CountRequest;
using example::EchoRequest;
using example::kCount;
using example::kDecode;
using example::kEcho;
using ::testing::HasSubstr;

constexpr std::size_t kMagicAt = 0;
constexpr std::size_t kVersionAt = 4;
constexpr std::size_t kKindAt = 5;
constexpr std::size_t kFlagsAt = 6;
constexpr std::size_t kHeadSizeAt = 8;
constexpr std::size_t kBulkSizeAt = 12;
constexpr std::size_t kOpcodeAt = 16;

Message message_of(MessageKind kind) {
  Message m;
  m.from = {1, 2};
  m.to = {3, 4};
  m.header.kind = kind;
  m.header.xid = 5;
  return m;
}

Message count_request() {
  Message m = message_of(MessageKind::request);
  m.header.opcode = kCount;
  auto body = std::make_unique<CountRequest>();
  body->number = 77;
  m.body = std::move(body);
  return m;
}

std::vector<std::byte> frame_of(Message& message) {
  Writer out;
  encode_message(message, out);
  auto frame = out.take();
  const auto bulk = message.bulk.bytes();
  frame.insert(frame.end(), bulk.begin(), bulk.end());
  return frame;
}

MessagePtr round_trip(Message& message) {
  auto decoded = decode_frame(frame_of(message), kDecode);
  EXPECT_TRUE(decoded.ok()) << decoded.error().message;
  return decoded.ok() ? std::move(*decoded) : nullptr;
}

std::string fault_of(const std::vector<std::byte>& frame) {
  const auto decoded = decode_frame(frame, kDecode);
  EXPECT_TRUE(decoded.ok() || decoded.code() == sim::Errc::protocol);
  return decoded.ok() ? "" : decoded.error().message;
}

void put_u32(std::vector<std::byte>& frame, std::size_t at, std::uint32_t value) {
  boost::endian::store_little_u32(reinterpret_cast<unsigned char*>(frame.data() + at), value);
}

template <typename T>
const T& body_of(const Message& message) {
  return static_cast<const T&>(*message.body);
}

void expect_equal(const Message& a, const Message& b) {
  EXPECT_EQ(a.from, b.from);
  EXPECT_EQ(a.to, b.to);
  EXPECT_EQ(a.header.kind, b.header.kind);
  EXPECT_EQ(a.header.opcode, b.header.opcode);
  EXPECT_EQ(a.header.resent, b.header.resent);
  EXPECT_EQ(a.header.generation, b.header.generation);
  EXPECT_EQ(a.header.xid, b.header.xid);
  EXPECT_EQ(a.header.status, b.header.status);
  EXPECT_EQ(a.header.server, b.header.server);
  EXPECT_EQ(a.header.slot, b.header.slot);
  EXPECT_EQ(a.header.transit, b.header.transit);
}

TEST(MessageCodec, HeaderFieldsReturnAtBothExtremes) {
  constexpr sim::Duration kLongest = sim::Duration::max() / 8;
  Message m = message_of(MessageKind::reply);
  expect_equal(*round_trip(m), m);
  m.from = {0xFFFFFFFF, 0xFFFFFFFF};
  m.to = {0xFFFFFFFF, 0xFFFFFFFE};
  m.header.opcode = 0xFFFF;
  m.header.resent = true;
  m.header.generation = 0xFFFFFFFF;
  m.header.xid = ~std::uint64_t{0};
  m.header.status = sim::Errc::unknown_outcome;
  m.header.server = {kLongest, kLongest, kLongest, kLongest};
  m.header.transit = {kLongest, kLongest, kLongest, kLongest};
  expect_equal(*round_trip(m), m);
}

TEST(MessageCodec, ARequestsSlotReturns) {
  Message m = message_of(MessageKind::request);
  m.header.slot = 0xFFFF;
  expect_equal(*round_trip(m), m);
}

TEST(MessageCodec, AnswersTellHowWhatTheyAnswerTravelled) {
  for (const auto kind : {MessageKind::reply, MessageKind::bulk_put, MessageKind::bulk_ack}) {
    Message m = message_of(kind);
    m.header.transit = {sim::Duration(1), sim::Duration(2), sim::Duration(3), sim::Duration(4)};
    expect_equal(*round_trip(m), m);
  }
}

TEST(MessageCodec, EveryKindReturns) {
  for (int kind = 0; kind <= static_cast<int>(MessageKind::bulk_ack); ++kind) {
    Message m = message_of(static_cast<MessageKind>(kind));
    expect_equal(*round_trip(m), m);
  }
}

TEST(MessageCodec, BodiesReturnAsTheirOwnType) {
  Message request = count_request();
  EXPECT_EQ(body_of<CountRequest>(*round_trip(request)).number, 77u);
  Message reply = message_of(MessageKind::reply);
  reply.header.opcode = kCount;
  reply.body = std::make_unique<CountReply>();
  EXPECT_EQ(body_of<CountReply>(*round_trip(reply)).number, 0u);
}

TEST(MessageCodec, CloneCopiesTheFields) {
  const Message request = count_request();
  const auto copy = request.body->clone();
  EXPECT_EQ(static_cast<const CountRequest&>(*copy).number, 77u);
}

TEST(MessageCodec, AFrameIsAsLongAsTheModelledMessage) {
  Message request = count_request();
  EXPECT_EQ(request.wire_size(), 96u + 200u);
  EXPECT_EQ(frame_of(request).size(), request.wire_size());

  Message put = message_of(MessageKind::bulk_put);
  put.bulk = Payload(ContentRun{1, 0, 3 * sim::kMiB + 1, Stamp::make(1, 1)});
  EXPECT_EQ(put.wire_size(), 4u * 96u + put.bulk.size());
  EXPECT_EQ(frame_of(put).size(), put.wire_size());
}

TEST(MessageCodec, AFrameIsLongerWhereTheEncodingDoesNotFit) {
  Message m = message_of(MessageKind::request);
  m.header.opcode = kEcho;
  auto body = std::make_unique<EchoRequest>();
  body->text = std::string(1000, 'x');
  m.body = std::move(body);
  EXPECT_EQ(m.wire_size(), 96u);
  EXPECT_GT(frame_of(m).size(), 1000u);
  EXPECT_EQ(body_of<EchoRequest>(*round_trip(m)).text.size(), 1000u);
}

TEST(MessageCodec, BulkTravelsAsTheBytesItsRunsDescribe) {
  const ContentRun run{9, 4096, 100, Stamp::make(2, 3)};
  Message m = message_of(MessageKind::bulk_put);
  m.bulk = Payload(run);
  const MessagePtr arrived = round_trip(m);
  ASSERT_TRUE(arrived->bulk.has_bytes());
  Payload expected{run};
  expected.materialize();
  EXPECT_TRUE(std::ranges::equal(arrived->bulk.bytes(), expected.bytes()));
}

TEST(MessageCodec, UnknownContentStaysUnknown) {
  Message m = message_of(MessageKind::bulk_put);
  m.bulk = Payload::unknown(1000);
  const auto frame = frame_of(m);
  EXPECT_EQ(frame.size(), 96u + 1000u);
  const auto arrived = decode_frame(frame, kDecode);
  ASSERT_TRUE(arrived.ok());
  EXPECT_EQ((*arrived)->bulk.size(), 1000u);
  EXPECT_FALSE((*arrived)->bulk.has_content());
}

TEST(MessageCodec, AHoleIsKnownToBeZeros) {
  Message m = message_of(MessageKind::bulk_put);
  m.bulk = Payload::zeros(10);
  const MessagePtr arrived = round_trip(m);
  ASSERT_TRUE(arrived->bulk.has_bytes());
  EXPECT_EQ(arrived->bulk.bytes()[9], std::byte{0});
}

TEST(MessageCodec, TruncationAtEveryByteIsRefused) {
  Message m = count_request();
  m.bulk = Payload(ContentRun{1, 0, 20, Stamp::make(1, 1)});
  const auto frame = frame_of(m);
  for (std::size_t n = 0; n < frame.size(); ++n) {
    EXPECT_NE(fault_of({frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(n)}), "") << n;
  }
}

TEST(MessageCodec, TruncationOfTheHeadAtEveryByteIsRefusedEvenIfTheSizesAgree) {
  Message m = count_request();
  const auto frame = frame_of(m);
  const std::size_t last_field = 16 + 2 + 4 + 8 + 16 + 2 + 8 + 4 + 8;  // then padding
  for (std::size_t n = kPrefixSize; n < last_field; ++n) {
    std::vector<std::byte> cut(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(n));
    put_u32(cut, kHeadSizeAt, static_cast<std::uint32_t>(n));
    EXPECT_NE(fault_of(cut), "") << n;
  }
  std::vector<std::byte> whole(frame.begin(), frame.begin() + last_field);
  put_u32(whole, kHeadSizeAt, last_field);
  EXPECT_EQ(fault_of(whole), "");
}

TEST(MessageCodec, ABigEndianHeaderIsRefusedByName) {
  const unsigned char big_endian[kPrefixSize] = {0x4C, 0x50, 0x54, 0x53, 2, 0, 0, 0,
                                                 0,    0,    0,    40,   0, 0, 0, 0};
  std::vector<std::byte> frame(40);
  std::memcpy(frame.data(), big_endian, sizeof(big_endian));
  EXPECT_EQ(fault_of(frame), "frame refused: its header is big-endian; frames are little-endian");
}

TEST(MessageCodec, WhatIsNoFrameIsRefusedWithTheReason) {
  struct Case {
    std::size_t at;
    int value;
    const char* reason;
  };
  for (const Case& c : {Case{kMagicAt, 'X', "it begins with 0x4c505458, not 0x4c505453"},
                        Case{kVersionAt, 5, "version 5; this side speaks 4"},
                        Case{kKindAt, 5, "unknown message kind 5"},
                        Case{kFlagsAt, 16, "unknown flags 0x10"}, Case{kFlagsAt + 1, 1, "0x01"},
                        Case{kOpcodeAt, 0, "no body of this operation and kind is known"}}) {
    Message m = count_request();
    auto frame = frame_of(m);
    frame[c.at] = static_cast<std::byte>(c.value);
    EXPECT_THAT(fault_of(frame), HasSubstr(c.reason));
  }
}

TEST(MessageCodec, SizesOutOfBoundsAreRefusedByThePrefixAlone) {
  const auto accepted = [](std::size_t head, std::size_t bulk) {
    Message m = message_of(MessageKind::bulk_put);
    auto frame = frame_of(m);
    put_u32(frame, kHeadSizeAt, static_cast<std::uint32_t>(head));
    put_u32(frame, kBulkSizeAt, static_cast<std::uint32_t>(bulk));
    return decode_prefix(std::span(frame).first(kPrefixSize)).ok();
  };
  EXPECT_FALSE(accepted(kPrefixSize - 1, 0));
  EXPECT_TRUE(accepted(kPrefixSize, 0));
  EXPECT_TRUE(accepted(kMaxHead, kMaxBulk));
  EXPECT_FALSE(accepted(kMaxHead + 1, 0));
  EXPECT_FALSE(accepted(kPrefixSize, kMaxBulk + 1));
  EXPECT_FALSE(accepted(0xFFFFFFFF, 0xFFFFFFFF));
}

TEST(MessageCodec, ABodyMustEndWhereItSays) {
  const std::size_t body_size_at = 16 + 2 + 4 + 8 + 16 + 2 + 8;
  Message m = count_request();
  auto frame = frame_of(m);
  put_u32(frame, body_size_at, 9);
  EXPECT_THAT(fault_of(frame), HasSubstr("1 bytes follow its last field"));
  put_u32(frame, body_size_at, 7);
  EXPECT_THAT(fault_of(frame), HasSubstr("a field needs 8 bytes, 7 are left"));
  put_u32(frame, body_size_at, 0xFFFFFFFF);
  EXPECT_THAT(fault_of(frame), HasSubstr("a field needs 4294967295 bytes"));
}

TEST(MessageCodec, ABodyInAMessageOfBulkIsRefused) {
  Message m = count_request();
  auto frame = frame_of(m);
  frame[kKindAt] = static_cast<std::byte>(MessageKind::bulk_ack);
  EXPECT_THAT(fault_of(frame), HasSubstr("a body in a message of kind 4"));
}

TEST(MessageCodec, StagesOfNegativeOrAbsurdLengthAreRefused) {
  for (const sim::Duration d : {sim::Duration(-1), sim::Duration::max() / 8 + sim::Duration(1)}) {
    Message m = message_of(MessageKind::reply);
    m.header.server.device = d;
    EXPECT_THAT(fault_of(frame_of(m)), HasSubstr("a stage of"));
    Message ack = message_of(MessageKind::bulk_ack);
    ack.header.transit.receiver_cpu = d;
    EXPECT_THAT(fault_of(frame_of(ack)), HasSubstr("a stage of"));
  }
}

}  // namespace
}  // namespace transport
