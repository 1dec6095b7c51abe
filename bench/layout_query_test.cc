#include "bench/layout_query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace bench {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string ask(std::string_view line) { return answer_layout_question(line); }

TEST(LayoutQuery, AnswersEachKindOfQuestion) {
  EXPECT_EQ(ask("map 1048576 4 5243003"), "1 1048699");
  EXPECT_EQ(ask("size 1048576 4 3 2097153"), "11534337");
  EXPECT_EQ(ask("objsz 65536 3 0 1000000"), "344640");
  EXPECT_EQ(ask("isect 1048576 4 0 524288 3145728"), "1 524288 1048575");
  EXPECT_EQ(ask("isect 1048576 4 3 524288 3145728"), "0");
}

TEST(LayoutQuery, EofIsTheLargestNumber) {
  EXPECT_EQ(ask("isect 1048576 4 1 4194304 18446744073709551615"),
            "1 1048576 18446744073709551615");
  EXPECT_EQ(ask("objsz 1048576 4 1 18446744073709551615"), "18446744073709551615");
  EXPECT_EQ(ask("isect 1048576 4 1 18446744073709551615 18446744073709551615"), "0");
}

TEST(LayoutQuery, EmptyRangeIntersectsNothingAndABackwardOneIsRefused) {
  EXPECT_EQ(ask("isect 65536 1 0 5 5"), "0");
  EXPECT_THAT(ask("isect 65536 1 0 5 4"), StartsWith("error: range [5, 4)"));
}

TEST(LayoutQuery, OverflowingAnswersAreErrors) {
  EXPECT_THAT(ask("size 65536 4 0 18446744073709551615"), StartsWith("error: "));
  EXPECT_EQ(ask("size 65536 1 0 18446744073709551615"), "18446744073709551615");
}

TEST(LayoutQuery, GeometriesLustreRefusesAreErrors) {
  EXPECT_EQ(ask("map 102400 4 0"),
            "error: stripe size 102400 B is not a multiple of 64 KiB; 65536 or 131072 would be");
  EXPECT_THAT(ask("map 4294967296 4 0"), StartsWith("error: "));
  EXPECT_EQ(ask("map 4294901760 2000 0"), "0 0");
  EXPECT_THAT(ask("map 65536 0 0"), StartsWith("error: "));
  EXPECT_THAT(ask("map 65536 2001 0"), StartsWith("error: "));
}

TEST(LayoutQuery, IndexMustBeBelowTheCount) {
  EXPECT_EQ(ask("size 65536 4 3 0"), "0");
  EXPECT_THAT(ask("size 65536 4 4 0"), HasSubstr("0 to 3 would be"));
  EXPECT_THAT(ask("objsz 65536 4 4294967296 0"), StartsWith("error: "));
}

TEST(LayoutQuery, BadLinesSayWhatWouldBeRight) {
  EXPECT_THAT(ask(""), StartsWith("error: empty line"));
  EXPECT_THAT(ask("  \t\r"), StartsWith("error: empty line"));
  EXPECT_THAT(ask("mop 1 2 3"), HasSubstr("unknown question \"mop\""));
  EXPECT_THAT(ask("map 65536 4"), HasSubstr("write map S N OFFSET"));
  EXPECT_THAT(ask("map 65536 4 0 0"), HasSubstr("4 numbers"));
  for (const char* number : {"-1", "+1", "1x", "0x10", "1.5", "1M"}) {
    EXPECT_THAT(ask(std::string("map 65536 4 ") + number), HasSubstr("not a whole number"));
  }
  EXPECT_THAT(ask("map 65536 4 18446744073709551616"), HasSubstr("above 2^64-1"));
  EXPECT_THAT(ask(std::string(5000, '1')), HasSubstr("longer than 4096"));
}

TEST(LayoutQuery, EveryLineHasOneAnswerAndBadOnesDoNotEndIt) {
  std::istringstream in("map 65536 1 7\n\nrubbish\r\nmap 65536 1 8\r\n" + std::string(9000, 'x') +
                        "\nmap 65536 1 9");
  std::ostringstream out;
  EXPECT_EQ(layout_query(in, out), 0);
  std::istringstream answers(out.str());
  std::vector<std::string> lines;
  for (std::string line; std::getline(answers, line);) {
    lines.push_back(line);
  }
  ASSERT_EQ(lines.size(), 6u);
  EXPECT_EQ(lines[0], "0 7");
  EXPECT_THAT(lines[1], StartsWith("error: "));
  EXPECT_THAT(lines[2], StartsWith("error: "));
  EXPECT_EQ(lines[3], "0 8");
  EXPECT_THAT(lines[4], StartsWith("error: line is longer"));
  EXPECT_EQ(lines[5], "0 9");
}

}  // namespace
}  // namespace bench
