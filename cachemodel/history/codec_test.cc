#include "cachemodel/history/codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cachemodel/history/history_testing.h"

namespace cachemodel {
namespace {

using testing::HasSubstr;
using Bytes = std::vector<std::byte>;

// One event of each kind, no field of them at its default.
History one_of_each() {
  History history;
  history.write({1, {2, 3}, 4, 5, Ending::unknown, true, call(6, 7)});
  history.apply({8, {9, 10}, 11, sim::TimePoint(-12)});
  const ReadRun runs[] = {{13, 14, Basis::lease, sim::TimePoint(15)},
                          {16, kNoWriter, Basis::own_write, sim::TimePoint(17)}};
  history.read({18, 19, 20, 21, call(22, 23)}, runs);
  history.read({24, 25, 26, 27, call(28, 29)}, {});
  history.file({30, 31, 32, FileCall::fsync, call(33, 34)});
  history.drop({35, {36, 37}, 38, DropCause::lost, 39, sim::TimePoint(40)});
  history.change(
      {41, 42, 43, 44, Attribute::mtime, Change::at_least, Ending::failed, call(45, 46)});
  history.attribute(
      {47, 48, 49, 50, Attribute::mtime, Basis::attributes, sim::TimePoint(51), call(52, 53)});
  return history;
}

std::string refusal(const Bytes& bytes) {
  const auto history = decode_history(bytes);
  return history.ok() ? "" : history.error().message;
}

TEST(Codec, WhatIsWrittenIsReadBack) {
  for (const History& history : {History(), one_of_each()}) {
    const Bytes bytes = encode_history(history);
    const auto again = decode_history(bytes);
    ASSERT_TRUE(again.ok()) << again.error().message;
    EXPECT_EQ(*again, history);
    EXPECT_EQ(encode_history(*again), bytes);
  }
}

TEST(Codec, NumbersAreLittleEndian) {
  History history;
  history.apply({0x0102030405060708, {1, 2}, 3, sim::TimePoint(4)});
  const Bytes bytes = encode_history(history);
  EXPECT_EQ(bytes[16], std::byte{1});  // one application
  EXPECT_EQ(bytes[24], std::byte{8});
  EXPECT_EQ(bytes[31], std::byte{1});
}

TEST(Codec, EveryTruncationIsRefused) {
  const Bytes bytes = encode_history(one_of_each());
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    EXPECT_THAT(refusal(Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(n))),
                HasSubstr("history bytes: "));
  }
}

TEST(Codec, BytesBehindTheEndAreRefused) {
  Bytes bytes = encode_history(one_of_each());
  bytes.push_back(std::byte{0});
  EXPECT_THAT(refusal(bytes), HasSubstr("1 bytes behind the end"));
}

TEST(Codec, OtherFilesAreRefused) {
  Bytes bytes = encode_history(History());
  bytes[7] = std::byte{'2'};
  EXPECT_THAT(refusal(bytes), HasSubstr("begins with \"SLHIST01\""));
}

TEST(Codec, ACountBeyondTheBytesIsRefusedBeforeMemoryIsReserved) {
  Bytes bytes = encode_history(History());
  for (std::size_t i = 8; i < 16; ++i) {
    bytes[i] = std::byte{0xff};
  }
  EXPECT_THAT(refusal(bytes), HasSubstr("byte 8: 18446744073709551615 writes"));
}

TEST(Codec, AnEnumerationsUnknownValueIsRefused) {
  History history;
  history.write({1, {2, 3}, 4, 5, Ending::unknown, true, call(6, 7)});
  Bytes bytes = encode_history(history);
  const std::size_t ending = 16 + 4 * 8 + 4;
  ASSERT_EQ(bytes[ending], std::byte{2});
  bytes[ending] = std::byte{3};
  EXPECT_THAT(refusal(bytes), HasSubstr("3 is no value of this field, the last is 2"));
}

TEST(Codec, RunsMustBelongToReads) {
  const Bytes none = encode_history(History());
  Bytes bytes = none;
  bytes[8 + 3 * 8] = std::byte{1};  // the count of runs
  bytes.insert(bytes.begin() + 8 + 4 * 8, 25, std::byte{1});
  EXPECT_THAT(refusal(bytes), HasSubstr("1 runs belong to no read"));
}

TEST(Codec, WhatNoRunCanHaveSeenIsRefused) {
  History history;
  history.write({1, {2, 3}, 4, 5, Ending::ok, false, call(7, 6)});
  EXPECT_THAT(refusal(encode_history(history)), HasSubstr("write 0: returned at 6 ns"));
}

}  // namespace
}  // namespace cachemodel
