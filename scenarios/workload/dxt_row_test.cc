#include "scenarios/workload/dxt_row.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scenarios {
namespace {

using ::testing::HasSubstr;

// A row as the printer formats it.
std::string row(std::uint64_t rank, const char* kind, std::uint64_t segment, std::uint64_t offset,
                std::uint64_t length, double start, double end, const char* rest = "") {
  return fmt::format("{:>8}{:>8}{:>7}{:>9}{:>16}{:>16}{:>12.4f}{:>12.4f}{}", "X_POSIX", rank, kind,
                     segment, offset, length, start, end, rest);
}

std::string error_of(std::string_view line) {
  const auto parsed = parse_dxt_row(line);
  return parsed.ok() ? "accepted" : parsed.error().message;
}

TEST(DxtRow, ColumnsAreRead) {
  const auto parsed = parse_dxt_row(row(3, "write", 7, 4096, 512, 1.25, 2.0001, "  "));
  ASSERT_TRUE(parsed.ok()) << parsed.error().message;
  EXPECT_EQ(parsed->rank, 3u);
  EXPECT_EQ(parsed->segment,
            (DxtSegment{true, 7, 4096, 512, sim::milliseconds(1250), sim::microseconds(2000100)}));
}

TEST(DxtRow, StripesAndThreadMayFollow) {
  for (const char* rest : {"  [106]", "   [1] [2] [3]", "   [106]   N/A", "   1234", "   N/A"}) {
    EXPECT_EQ(error_of(row(0, "read", 0, 0, 1, 0, 0, rest)), "accepted") << rest;
  }
  for (const char* rest : {"  [106", "  [x]", "  []", "  N/A [1]", "  12 13", "  N/", "  xyz"}) {
    EXPECT_THAT(error_of(row(0, "read", 0, 0, 1, 0, 0, rest)), HasSubstr("behind the times"))
        << rest;
  }
}

TEST(DxtRow, FullColumnsTouchAndAreSplitByWidth) {
  const auto parsed = parse_dxt_row(
      row(12345678, "write", 123456789, 1234567890123456, 4096, 1234567.25, 1234568.5, "   [7]"));
  ASSERT_TRUE(parsed.ok()) << parsed.error().message;
  EXPECT_EQ(parsed->rank, 12345678u);
  EXPECT_EQ(parsed->segment.number, 123456789u);
  EXPECT_EQ(parsed->segment.offset, 1234567890123456u);
  EXPECT_EQ(parsed->segment.length, 4096u);
  EXPECT_EQ(parsed->segment.start, sim::milliseconds(1234567250));
}

TEST(DxtRow, NumberWiderThanItsColumnMovesTheOthers) {
  for (const std::uint64_t offset :
       {999999999999999u, 9999999999999999u, 12345678901234567u, 1234567890123456789u}) {
    const auto parsed =
        parse_dxt_row(row(3, "write", 12, offset, 4096, 1.25, 1234568.5, "   [7]   N/A"));
    ASSERT_TRUE(parsed.ok()) << parsed.error().message;
    EXPECT_EQ(parsed->rank, 3u);
    EXPECT_EQ(parsed->segment, (DxtSegment{true, 12, offset, 4096, sim::milliseconds(1250),
                                           sim::milliseconds(1234568500)}));
  }
}

TEST(DxtRow, WideTimesEndWithTheirDecimals) {
  const auto parsed = parse_dxt_row(row(1, "read", 0, 0, 8, 1234567.25, 123456789.5, "   [7]"));
  ASSERT_TRUE(parsed.ok()) << parsed.error().message;
  EXPECT_EQ(parsed->segment.length, 8u);
  EXPECT_EQ(parsed->segment.start, sim::milliseconds(1234567250));
  EXPECT_EQ(parsed->segment.end, sim::milliseconds(123456789500));
}

TEST(DxtRow, FullNumberBesideAWideOneIsAsWideAsItsColumn) {
  const auto parsed = parse_dxt_row(row(1, "read", 123456789, 12345678901234567, 8, 0, 0));
  ASSERT_TRUE(parsed.ok()) << parsed.error().message;
  EXPECT_EQ(parsed->segment.number, 123456789u);
  EXPECT_EQ(parsed->segment.offset, 12345678901234567u);
}

TEST(DxtRow, TimesHaveFourDecimals) {
  const std::string whole = row(0, "read", 0, 0, 1, 0.5, 0.75);
  EXPECT_EQ(error_of(whole), "accepted");
  EXPECT_THAT(error_of(whole.substr(0, whole.size() - 1)), HasSubstr("column End(s)"));
  EXPECT_THAT(error_of(row(0, "read", 0, 0, 1, 0.5, 0.4)), HasSubstr("before its start"));
  EXPECT_EQ(error_of(row(0, "read", 0, 0, 1, 0.5, 0.5)), "accepted");
}

TEST(DxtRow, WhatDoesNotParseIsNamed) {
  EXPECT_THAT(error_of("X_STDIO 0 read 0 0 1 0.0000 0.0000"), HasSubstr("column Module"));
  EXPECT_THAT(error_of("X_POSIX 0 seek 0 0 1 0.0000 0.0000"), HasSubstr("column Wt/Rd"));
  EXPECT_THAT(error_of("X_POSIX -1 read 0 0 1 0.0000 0.0000"), HasSubstr("column Rank"));
  EXPECT_THAT(error_of("X_POSIX 0 read 0 -8 1 0.0000 0.0000"), HasSubstr("column Offset"));
  EXPECT_THAT(error_of("X_POSIX 0 read 0 0"), HasSubstr("column Length"));
}

TEST(DxtRow, OffsetAndLengthStayBelowTheLargestFileOffset) {
  EXPECT_EQ(error_of("X_POSIX 0 read 0 9223372036854775806 1 0.0000 0.0000"), "accepted");
  EXPECT_THAT(error_of("X_POSIX 0 read 0 9223372036854775807 1 0.0000 0.0000"),
              HasSubstr("past the largest file offset"));
}

}  // namespace
}  // namespace scenarios
