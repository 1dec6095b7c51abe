#include "stripe/protocol/wire.h"

#include <gtest/gtest.h>

#include "stripe/protocol/mds_messages.h"
#include "stripe/protocol/ost_messages.h"

namespace stripe {
namespace {

// The numbers are those of Lustre 2.17's ptlrpc messages.

TEST(Wire, MessagesAndBuffersAreRoundedUpToEight) {
  EXPECT_EQ(ptlrpc_message({}), 32u);
  EXPECT_EQ(ptlrpc_message({0}), 40u);
  EXPECT_EQ(ptlrpc_message({1}), 48u);
  EXPECT_EQ(ptlrpc_message({8, 8}), 56u);
}

TEST(Wire, PingIs224Bytes) { EXPECT_EQ(ptlrpc_message({kPtlrpcBody}), 224u); }

TEST(Wire, TransferRequestsAre472BytesAnd16ForEachRange) {
  for (const std::size_t ranges : {1u, 2u, 256u}) {
    OstReadRequest read;
    OstWriteRequest write;
    read.ranges.resize(ranges);
    write.ranges.resize(ranges);
    EXPECT_EQ(read.wire_size(), 472 + 16 * ranges);
    EXPECT_EQ(write.wire_size(), 472 + 16 * ranges);
  }
}

TEST(Wire, AReadReplyIs440Bytes) { EXPECT_EQ(OstReadReply().wire_size(), 440u); }

TEST(Wire, AWriteReplyIs440BytesAnd4ForEachRangeRoundedUp) {
  OstWriteReply reply;
  reply.range_count = 256;
  EXPECT_EQ(reply.wire_size(), 440u + 4 * 256);
  reply.range_count = 1;
  EXPECT_EQ(reply.wire_size(), 448u);
}

TEST(Wire, AnOpenReplyIs592BytesAndTheLayout) {
  MdsIntentReply reply;
  EXPECT_EQ(reply.wire_size(), 592u);
  reply.layout.resize(56);  // one stripe
  EXPECT_EQ(reply.wire_size(), 648u);
  reply.layout.resize(32 + 24 * 160);
  EXPECT_EQ(reply.wire_size(), 4464u);
}

TEST(Wire, AnOpenOfA20CharacterNameIsAbout540Bytes) {
  MdsIntentRequest request;
  request.name.assign(20, 'x');
  EXPECT_NEAR(static_cast<double>(request.wire_size()), 540.0, 20.0);
}

TEST(Wire, AReadpageReplyIsChargedForWholePages) {
  MdsReadpageReply reply;
  const sim::Bytes empty = reply.wire_size();
  reply.entries.push_back({"a", {}, FileType::file});
  EXPECT_EQ(reply.wire_size(), empty + 4096);
  for (int i = 0; i < 101; ++i) {
    reply.entries.push_back({"12345678", {}, FileType::file});  // 40 bytes each
  }
  EXPECT_EQ(reply.entries.front().wire_size(), 40u);
  EXPECT_EQ(reply.wire_size(), empty + 4096);
  reply.entries.push_back({"b", {}, FileType::file});
  EXPECT_EQ(reply.wire_size(), empty + 8192);
}

}  // namespace
}  // namespace stripe
