#include "bench/dialogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace bench {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::size_t kMaxLine = 8;

sim::Result<std::string> echo(std::string_view line) {
  if (line == "bad") {
    return sim::Error{sim::Errc::invalid_argument, "this is bad"};
  }
  return std::string(line);
}

std::string dialogue(const std::string& questions) {
  std::istringstream in(questions);
  std::ostringstream out;
  EXPECT_EQ(answer_lines(in, out, kMaxLine, echo), 0);
  return out.str();
}

TEST(SplitWords, BlanksTabsAndCarriageReturnsSeparate) {
  EXPECT_THAT(split_words(" a\t\tbc  d\r"), ElementsAre("a", "bc", "d"));
  EXPECT_THAT(split_words(" \t\r"), IsEmpty());
  EXPECT_THAT(split_words(""), IsEmpty());
}

TEST(ParseNumber, TakesWholeNumbersUpTo2To64Minus1) {
  EXPECT_EQ(*parse_number("0"), 0u);
  EXPECT_EQ(*parse_number("18446744073709551615"), sim::kEof);
  for (const std::string_view word : {"", "18446744073709551616", "-1", "+1", "1 ", "0x1", "1.5"}) {
    EXPECT_FALSE(parse_number(word).ok()) << word;
  }
}

TEST(ParseNumber, LongWordsAreNotRepeatedWhole) {
  EXPECT_LT(parse_number(std::string(1000, 'x')).error().message.size(), 100u);
  EXPECT_LT(parse_number(std::string(1000, '9')).error().message.size(), 100u);
}

TEST(AnswerLines, EachLineHasOneAnswer) {
  EXPECT_EQ(dialogue("a\n\nb"), "a\n\nb\n");
  EXPECT_EQ(dialogue(""), "");
}

TEST(AnswerLines, BadLinesDoNotEndTheRest) {
  EXPECT_EQ(dialogue("bad\nc\n"), "error: this is bad\nc\n");
}

TEST(AnswerLines, LinesOverTheMostAreRefusedWhole) {
  EXPECT_EQ(dialogue("12345678\n123456789\n" + std::string(1000, 'x') + "\nd\n"),
            "12345678\nerror: line is longer than 8 characters\n"
            "error: line is longer than 8 characters\nd\n");
}

}  // namespace
}  // namespace bench
