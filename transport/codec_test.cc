#include "transport/codec.h"

#include <gtest/gtest.h>

#include <initializer_list>

#include "transport/example_protocol.h"

namespace transport {
namespace {

using example::EchoRequest;
using example::Mode;
using example::Part;

std::vector<std::byte> bytes_of(std::initializer_list<int> values) {
  std::vector<std::byte> bytes;
  for (const int value : values) {
    bytes.push_back(static_cast<std::byte>(value));
  }
  return bytes;
}

template <typename T>
std::vector<std::byte> encoded(const T& value) {
  Writer out;
  out(value);
  return out.take();
}

// The reader's fault on taking a T from `bytes`; empty if there is none.
template <typename T>
std::string fault_of(std::span<const std::byte> bytes) {
  Reader in(bytes);
  T value{};
  in(value);
  return in.ok() ? "" : in.error().message;
}

template <typename T>
std::string fault_of(std::initializer_list<int> values) {
  return fault_of<T>(bytes_of(values));
}

EchoRequest full_request() {
  EchoRequest r;
  r.u8 = 255;
  r.u16 = 65535;
  r.u32 = 0xFFFFFFFF;
  r.u64 = sim::kEof;
  r.i64 = std::numeric_limits<std::int64_t>::min();
  r.truth = true;
  r.mode = Mode::exclusive;
  r.text = std::string("with a \0 in it", 14);
  r.span = sim::Duration::max();
  r.instant = sim::TimePoint(-1);
  r.rate = sim::Rate(12345678901);
  r.address = {7, 0xFFFFFFFE};
  r.stamp = Stamp::make(3, 4);
  r.parts = {{{1, sim::kEof}, "label"}, {{0, 0}, std::nullopt}};
  r.raw = {0, 255, 1};
  r.triple = {1, 2, 65535};
  return r;
}

void expect_equal(const EchoRequest& a, const EchoRequest& b) {
  EXPECT_EQ(a.u8, b.u8);
  EXPECT_EQ(a.u16, b.u16);
  EXPECT_EQ(a.u32, b.u32);
  EXPECT_EQ(a.u64, b.u64);
  EXPECT_EQ(a.i64, b.i64);
  EXPECT_EQ(a.truth, b.truth);
  EXPECT_EQ(a.mode, b.mode);
  EXPECT_EQ(a.text, b.text);
  EXPECT_EQ(a.span, b.span);
  EXPECT_EQ(a.instant, b.instant);
  EXPECT_EQ(a.rate, b.rate);
  EXPECT_EQ(a.address, b.address);
  EXPECT_EQ(a.stamp, b.stamp);
  EXPECT_EQ(a.parts, b.parts);
  EXPECT_EQ(a.raw, b.raw);
  EXPECT_EQ(a.triple, b.triple);
}

TEST(Codec, IntegersStandLowestByteFirst) {
  EXPECT_EQ(encoded(std::uint32_t{0x11223344}), bytes_of({0x44, 0x33, 0x22, 0x11}));
  EXPECT_EQ(encoded(std::int64_t{-2}), bytes_of({0xFE, 255, 255, 255, 255, 255, 255, 255}));
  EXPECT_EQ(encoded(std::uint16_t{0x0102}), bytes_of({2, 1}));
}

TEST(Codec, StringsAndSequencesStandBehindTheirCount) {
  EXPECT_EQ(encoded(std::string("ab")), bytes_of({2, 0, 0, 0, 'a', 'b'}));
  EXPECT_EQ(encoded(std::vector<std::uint16_t>{5}), bytes_of({1, 0, 0, 0, 5, 0}));
  EXPECT_EQ(encoded(std::optional<std::uint8_t>()), bytes_of({0}));
  EXPECT_EQ(encoded(std::optional<std::uint8_t>(9)), bytes_of({1, 9}));
}

TEST(Codec, EveryKindOfFieldReturnsAsItWas) {
  const EchoRequest before = full_request();
  const auto bytes = encoded(before);
  EchoRequest after;
  Reader in(bytes);
  in(after);
  ASSERT_TRUE(in.ok()) << in.error().message;
  EXPECT_EQ(in.remaining(), 0u);
  expect_equal(after, before);
}

TEST(Codec, TruncationAtEveryByteIsRefused) {
  const auto bytes = encoded(full_request());
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    EXPECT_NE(fault_of<EchoRequest>(std::span(bytes).first(n)), "") << n;
  }
}

TEST(Codec, EncodingAloneLeavesTheStructAsItWas) {
  const EchoRequest r = full_request();
  EXPECT_EQ(encoded(r), encoded(r));
  expect_equal(r, full_request());
}

TEST(Codec, OnlyZeroAndOneAreTruthValues) {
  EXPECT_EQ(fault_of<bool>({1}), "");
  EXPECT_EQ(fault_of<bool>({2}), "at byte 1: 2 where a truth value is 0 or 1");
}

TEST(Codec, EnumsBeyondTheirLastValueAreRefused) {
  EXPECT_EQ(fault_of<Mode>({1}), "");
  EXPECT_EQ(fault_of<Mode>({2}), "at byte 1: 2 is no value of an enumeration that ends at 1");
}

TEST(Codec, ACountIsComparedWithWhatIsLeftBeforeMemoryIsReserved) {
  EXPECT_EQ(fault_of<std::string>({2, 0, 0, 0, 'a', 'b'}), "");
  EXPECT_EQ(fault_of<std::string>({3, 0, 0, 0, 'a', 'b'}),
            "at byte 4: a count of 3 elements, but 2 bytes are left");
  EXPECT_EQ(fault_of<std::vector<std::uint64_t>>({1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7}),
            "at byte 4: a count of 1 elements, but 7 bytes are left");
  EXPECT_EQ(fault_of<std::vector<Part>>({255, 255, 255, 255, 0, 0}),
            "at byte 4: a count of 4294967295 elements, but 2 bytes are left");
}

TEST(Codec, ALongFalseCountReservesNoMoreThanTheBytesCouldFill) {
  std::vector<std::byte> bytes(4096, std::byte{0});
  Writer count;
  count(static_cast<std::uint32_t>(bytes.size() - 4));
  std::copy(count.bytes().begin(), count.bytes().end(), bytes.begin());
  Reader in(bytes);
  std::vector<Part> parts;
  in(parts);
  EXPECT_FALSE(in.ok());  // a Part takes 17 bytes at least
  EXPECT_LE(parts.capacity() * 17, 2 * bytes.size());
}

TEST(Codec, TheFirstFaultSticksAndEverythingAfterItIsZero) {
  const auto bytes = bytes_of({9, 7, 7, 7, 7, 7});
  Reader in(bytes);
  bool truth = true;
  std::uint32_t number = 5;
  std::string text = "before";
  Mode mode = Mode::exclusive;
  in(truth, number, text, mode);
  ASSERT_FALSE(in.ok());
  EXPECT_EQ(in.error().code, sim::Errc::protocol);
  EXPECT_EQ(in.error().message, "at byte 1: 9 where a truth value is 0 or 1");
  EXPECT_FALSE(truth);
  EXPECT_EQ(number, 0u);
  EXPECT_EQ(text, "");
  EXPECT_EQ(mode, Mode::shared);
}

TEST(Codec, TakeGivesExactlyWhatIsThere) {
  const auto bytes = bytes_of({1, 2, 3});
  Reader in(bytes);
  EXPECT_EQ(in.take(3).size(), 3u);
  EXPECT_TRUE(in.ok());
  EXPECT_TRUE(in.take(1).empty());
  EXPECT_FALSE(in.ok());
}

TEST(Codec, AWriterReusesItsBuffer) {
  std::vector<std::byte> buffer(100);
  const auto* memory = buffer.data();
  Writer out(std::move(buffer));
  out(std::uint8_t{1});
  EXPECT_EQ(out.size(), 1u);
  EXPECT_EQ(out.bytes().data(), memory);
  EXPECT_EQ(out.take().data(), memory);
  EXPECT_EQ(out.size(), 0u);
}

TEST(Codec, PaddingNeverShortens) {
  Writer out;
  out(std::uint16_t{0xFFFF});
  out.pad_to(1);
  EXPECT_EQ(out.size(), 2u);
  out.pad_to(4);
  EXPECT_EQ(out.take(), bytes_of({255, 255, 0, 0}));
}

TEST(CodecDeathTest, AnEnumBeyondItsLastValueIsNotWritten) {
  Writer out;
  EXPECT_DEATH(out(static_cast<Mode>(2)), "an enum beyond its last value");
}

}  // namespace
}  // namespace transport
