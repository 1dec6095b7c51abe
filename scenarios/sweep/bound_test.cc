#include "scenarios/sweep/bound.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scenarios {
namespace {

using reports::Unit;
using testing::HasSubstr;

Bound bound(std::string_view text, Unit unit = Unit::none) {
  const auto parsed = parse_bound(text, unit);
  EXPECT_TRUE(parsed.ok()) << text << ": " << (parsed.ok() ? "" : parsed.error().message);
  return parsed.ok() ? *parsed : Bound();
}

std::string refusal_of(std::string_view text, Unit unit = Unit::none) {
  const auto parsed = parse_bound(text, unit);
  return parsed.ok() ? "accepted" : parsed.error().message;
}

TEST(Bound, HoldsOnItsOwnSideAndAtTheEdgeThatIsPartOfIt) {
  struct Case {
    std::string_view text;
    bool below, at, above;
  };
  for (const Case& c : {Case{">= 1.5", false, true, true}, Case{"<= 1.5", true, true, false},
                        Case{"> 1.5", false, false, true}, Case{"< 1.5", true, false, false},
                        Case{"== 1.5", false, true, false}}) {
    EXPECT_EQ(bound(c.text).holds(1.4999), c.below) << c.text;
    EXPECT_EQ(bound(c.text).holds(1.5), c.at) << c.text;
    EXPECT_EQ(bound(c.text).holds(1.5001), c.above) << c.text;
  }
}

TEST(Bound, RangeHoldsBothItsEnds) {
  const Bound range = bound("in [0.9, 1.1]");
  EXPECT_FALSE(range.holds(0.8999));
  EXPECT_TRUE(range.holds(0.9));
  EXPECT_TRUE(range.holds(1.1));
  EXPECT_FALSE(range.holds(1.1001));
  EXPECT_TRUE(bound("in [1,1]").holds(1));
}

TEST(Bound, MarginIsNegativeExactlyOutside) {
  for (const char* text : {">= 2", "<= 2", "in [1, 3]"}) {
    for (const double value : {0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5}) {
      EXPECT_EQ(bound(text).margin(value) >= 0, bound(text).holds(value)) << text << " " << value;
    }
  }
  EXPECT_EQ(bound("== 2").margin(2), 0);
  EXPECT_LT(bound("== 2").margin(3), bound("== 2").margin(2.5));
}

TEST(Bound, QuantitiesAreInTheMetricsUnit) {
  EXPECT_EQ(bound(">= 1.5GiB/s", Unit::rate).low, 1.5 * 1024 * 1024 * 1024);
  EXPECT_EQ(bound("<= 25us", Unit::time).low, 25000);
  EXPECT_EQ(bound("== 4 KiB", Unit::bytes).low, 4096);
  EXPECT_EQ(bound("in [-1ms, 1 ms]", Unit::time).low, -1e6);
  EXPECT_EQ(bound("in [-1ms, 1 ms]", Unit::time).high, 1e6);
  EXPECT_EQ(bound(">=-3").low, -3);
  EXPECT_EQ(bound(">= 90 %").low, 0.9);
}

TEST(Bound, OnlyZeroNeedsNoUnit) {
  for (const Unit unit : {Unit::bytes, Unit::time, Unit::rate}) {
    EXPECT_EQ(bound("== 0", unit).low, 0);
    EXPECT_THAT(refusal_of("== 1", unit), HasSubstr("has no unit"));
  }
  EXPECT_THAT(refusal_of(">= 1GiB/s"), HasSubstr("the metric has no unit"));
  EXPECT_THAT(refusal_of("<= 1GiB/s", Unit::time), HasSubstr("is not a duration"));
}

TEST(Bound, TextThatIsNoneIsRefused) {
  for (const char* text : {"", "1.5", "=> 1", "!= 1", ">=", ">= x", ">= 1 2", ">= nan", ">= inf",
                           "in", "in 1, 2", "in [1]", "in [1, 2", "in [2, 1]", "in [1, 2, 3]"}) {
    EXPECT_NE(refusal_of(text), "accepted") << text;
  }
  EXPECT_THAT(refusal_of("<= unlimited", Unit::rate), HasSubstr("bounds nothing"));
}

}  // namespace
}  // namespace scenarios
