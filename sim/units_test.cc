#include "sim/units.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace sim {
namespace {

using ::testing::HasSubstr;

Bytes bytes(std::string_view text) {
  auto parsed = parse_bytes(text);
  EXPECT_TRUE(parsed.ok()) << text;
  return parsed.ok() ? *parsed : 0;
}

Duration duration(std::string_view text) {
  auto parsed = parse_duration(text);
  EXPECT_TRUE(parsed.ok()) << text;
  return parsed.ok() ? *parsed : Duration();
}

std::uint64_t rate(std::string_view text) {
  auto parsed = parse_rate(text);
  EXPECT_TRUE(parsed.ok()) << text;
  return parsed.ok() ? parsed->bytes_per_second() : 0;
}

TEST(ParseBytes, EveryUnitMeansItsPower) {
  EXPECT_EQ(bytes("7B"), 7u);
  EXPECT_EQ(bytes("1KiB"), kKiB);
  EXPECT_EQ(bytes("1MiB"), kMiB);
  EXPECT_EQ(bytes("1GiB"), kGiB);
  EXPECT_EQ(bytes("1TiB"), kTiB);
  EXPECT_EQ(bytes("1PiB"), kTiB * 1024);
  EXPECT_EQ(bytes("1kB"), 1000u);
  EXPECT_EQ(bytes("1MB"), 1000000u);
  EXPECT_EQ(bytes("1GB"), 1000000000u);
  EXPECT_EQ(bytes("1TB"), 1000000000000u);
  EXPECT_EQ(bytes("1PB"), 1000000000000000u);
}

TEST(ParseBytes, SpacesAroundNumberAndUnitAreIgnored) { EXPECT_EQ(bytes("  4 KiB "), 4 * kKiB); }

TEST(ParseBytes, DecimalsAreExact) {
  EXPECT_EQ(bytes("1.5GiB"), kGiB + kGiB / 2);
  EXPECT_EQ(bytes("0.1GB"), 100000000u);
  EXPECT_EQ(bytes("1.1TB"), 1100000000000u);
  EXPECT_EQ(bytes("9007199.254740993GB"), 9007199254740993u);  // 2^53 + 1
  EXPECT_EQ(bytes("0.5000000000000000000000000KiB"), 512u);
}

TEST(ParseBytes, LargestSizeIsTwoToThe64MinusOne) {
  EXPECT_EQ(bytes("18446744073709551615B"), kEof);
  EXPECT_EQ(bytes("18446744073709551614B"), kEof - 1);
  EXPECT_FALSE(parse_bytes("18446744073709551616B").ok());
  EXPECT_EQ(bytes("16383.9990234375PiB"), 0u - kTiB);
  EXPECT_FALSE(parse_bytes("16384PiB").ok());
  EXPECT_FALSE(parse_bytes("18446744073709551615PiB").ok());
  EXPECT_FALSE(parse_bytes("99999999999999999999999999999999B").ok());
}

TEST(ParseBytes, FractionOfAByteIsRefused) {
  EXPECT_FALSE(parse_bytes("0.5B").ok());
  EXPECT_FALSE(parse_bytes("1.0001KiB").ok());
  EXPECT_FALSE(parse_bytes("18446744073709551614.5B").ok());
  EXPECT_EQ(bytes("0.0009765625KiB"), 1u);
  EXPECT_FALSE(parse_bytes("0.00000000000000000000001KiB").ok());
}

TEST(ParseBytes, RefusalQuotesTheTextAndShowsWhatWouldBeRight) {
  for (const std::string_view text : {"4096", "", " ", "B", "-1B", "+1B", ".5KiB", "1.KiB", "1e3B",
                                      "0x10B", "1K", "1 kib", "nanB", "infB", "1B B", "1,5KiB"}) {
    const auto parsed = parse_bytes(text);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_EQ(parsed.code(), Errc::invalid_argument);
    EXPECT_THAT(parsed.error().message, HasSubstr("\"" + std::string(text) + "\""));
    EXPECT_THAT(parsed.error().message, HasSubstr("1MiB"));
  }
}

TEST(ParseBytes, MissingUnitIsNamedAsTheFault) {
  EXPECT_THAT(parse_bytes("4096").error().message, HasSubstr("no unit"));
}

TEST(ParseDuration, EveryUnitMeansItsLength) {
  EXPECT_EQ(duration("7ns"), nanoseconds(7));
  EXPECT_EQ(duration("25us"), microseconds(25));
  EXPECT_EQ(duration("1.5 ms"), microseconds(1500));
  EXPECT_EQ(duration("2s"), seconds(2));
  EXPECT_EQ(duration("3min"), seconds(180));
  EXPECT_EQ(duration("1h"), seconds(3600));
  EXPECT_EQ(duration("0s"), Duration());
}

TEST(ParseDuration, LargestIsTwoToThe63MinusOneNanoseconds) {
  EXPECT_EQ(duration("9223372036854775807ns"), Duration::max());
  EXPECT_EQ(duration("9223372036.854775807s"), Duration::max());
  EXPECT_FALSE(parse_duration("9223372036854775808ns").ok());
  EXPECT_FALSE(parse_duration("2562048h").ok());
}

TEST(ParseDuration, NegativeAndFractionOfANanosecondAreRefused) {
  EXPECT_FALSE(parse_duration("-1s").ok());
  EXPECT_FALSE(parse_duration("0.5ns").ok());
  EXPECT_EQ(duration("0.001us"), nanoseconds(1));
  EXPECT_FALSE(parse_duration("1MiB").ok());
}

TEST(ParseRate, BitsAreDecimalAndEightToTheByte) {
  EXPECT_EQ(rate("8bit/s"), 1u);
  EXPECT_EQ(rate("1kbit/s"), 125u);
  EXPECT_EQ(rate("1Mbit/s"), 125000u);
  EXPECT_EQ(rate("100Gbit/s"), 12500000000u);
  EXPECT_EQ(rate("1Tbit/s"), 125000000000u);
  EXPECT_FALSE(parse_rate("7bit/s").ok());
  EXPECT_FALSE(parse_rate("8.8bit/s").ok());
}

TEST(ParseRate, BytesPerSecondTakeAnyByteUnit) {
  EXPECT_EQ(rate("3GiB/s"), 3 * kGiB);
  EXPECT_EQ(rate("200 MB/s"), 200000000u);
  EXPECT_FALSE(parse_rate("3GiB").ok());
  EXPECT_FALSE(parse_rate("3/s").ok());
}

TEST(ParseRate, UnlimitedIsTheZeroRateAndZeroIsRefused) {
  EXPECT_TRUE(parse_rate(" unlimited ")->unlimited());
  EXPECT_THAT(parse_rate("0MB/s").error().message, HasSubstr("never finish"));
  EXPECT_THAT(parse_rate("0.000bit/s").error().message, HasSubstr("never finish"));
}

TEST(Rate, TimeIsRoundedUpToAWholeNanosecond) {
  EXPECT_EQ(Rate(1000000000).time_for(1), nanoseconds(1));
  EXPECT_EQ(Rate(3).time_for(1), nanoseconds(333333334));
  EXPECT_EQ(Rate(3).time_for(3), seconds(1));
  EXPECT_EQ(Rate(kGiB).time_for(0), Duration());
  EXPECT_EQ(Rate().time_for(kTiB), Duration());
}

TEST(Rate, TimeOfAWholeIsAtMostTheTimesOfItsParts) {
  const Rate r(7777777);
  for (Bytes n = 1; n < 100000; n = n * 3 + 1) {
    EXPECT_LE(r.time_for(2 * n), 2 * r.time_for(n));
    EXPECT_GE(r.time_for(2 * n), 2 * r.time_for(n) - nanoseconds(1));
  }
}

TEST(Extent, HalfOpenAtItsEnd) {
  const Extent e{10, 20};
  EXPECT_FALSE(e.contains(9));
  EXPECT_TRUE(e.contains(10));
  EXPECT_TRUE(e.contains(19));
  EXPECT_FALSE(e.contains(20));
  EXPECT_FALSE(e.overlaps({20, 30}));
  EXPECT_TRUE(e.overlaps({19, 30}));
  EXPECT_FALSE(e.overlaps({0, 10}));
  EXPECT_TRUE(e.overlaps({0, 11}));
}

TEST(Extent, IntersectionHoldsExactlyTheSharedBytes) {
  for (Bytes a = 0; a < 6; ++a) {
    for (Bytes b = a; b < 6; ++b) {
      const Extent left{1, 4};
      const Extent both = left.intersect({a, b});
      for (Bytes at = 0; at < 6; ++at) {
        EXPECT_EQ(both.contains(at), left.contains(at) && Extent({a, b}).contains(at));
      }
    }
  }
}

TEST(Extent, BackwardsExtentIsEmptyAndHasNoSize) {
  EXPECT_TRUE((Extent{5, 4}).empty());
  EXPECT_EQ((Extent{5, 4}).size(), 0u);
  EXPECT_EQ((Extent{0, kEof}).size(), kEof);
}

TEST(FormatBytes, WholeNumbersAreExactAndParseBack) {
  for (const Bytes n : {Bytes{0}, Bytes{17}, Bytes{1023}, kKiB, 3 * kMiB, 1023 * kGiB, kTiB}) {
    EXPECT_EQ(bytes(format_bytes(n)), n);
  }
  EXPECT_EQ(format_bytes(kMiB), "1 MiB");
  EXPECT_EQ(format_bytes(kGiB + kGiB / 2), "1.50 GiB");
  EXPECT_EQ(format_bytes(kMiB - 512), "1023.50 KiB");
  EXPECT_EQ(format_bytes(kEof), "EOF");
}

TEST(FormatDuration, UnitFollowsMagnitude) {
  EXPECT_EQ(format_duration(nanoseconds(999)), "999 ns");
  EXPECT_EQ(format_duration(nanoseconds(-5)), "-5 ns");
  EXPECT_EQ(format_duration(microseconds(25)), "25 us");
  EXPECT_EQ(format_duration(microseconds(1500)), "1.50 ms");
  EXPECT_EQ(format_duration(nanoseconds(999900)), "999.90 us");
  EXPECT_EQ(format_duration(seconds(2)), "2 s");
}

TEST(FormatRate, OneDecimalInBinaryUnits) {
  EXPECT_EQ(format_rate(static_cast<double>(kGiB) * 1.25), "1.2 GiB/s");
  EXPECT_EQ(format_rate(0), "0.0 B/s");
}

}  // namespace
}  // namespace sim
