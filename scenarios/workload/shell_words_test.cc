#include "scenarios/workload/shell_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scenarios {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string error_of(std::string_view line) {
  const auto words = split_shell_words(line);
  return words.ok() ? "accepted" : words.error().message;
}

TEST(ShellWords, QuotesBackslashesAndCommentsAreTheShells) {
  const auto words = split_shell_words("-o 'a b' \"c \\\" d\" e\\ f g#h  # -w tail");
  ASSERT_TRUE(words.ok());
  EXPECT_THAT(*words, ElementsAre("-o", "a b", "c \" d", "e f", "g#h"));
}

TEST(ShellWords, CommentEndsWithItsLine) {
  const auto words = split_shell_words("# of yesterday\nior -w # and\n-r");
  ASSERT_TRUE(words.ok());
  EXPECT_THAT(*words, ElementsAre("ior", "-w", "-r"));
}

TEST(ShellWords, BackslashJoinsLines) {
  const auto words = split_shell_words("-b 4m \\\n -t 1m");
  ASSERT_TRUE(words.ok());
  EXPECT_THAT(*words, ElementsAre("-b", "4m", "-t", "1m"));
}

TEST(ShellWords, EmptyQuotesAreAWord) {
  const auto words = split_shell_words("''");
  ASSERT_TRUE(words.ok());
  EXPECT_THAT(*words, ElementsAre(""));
}

TEST(ShellWords, ArithmeticIsWorkedOutInAndOutOfQuotes) {
  const auto words = split_shell_words("-s $((2*(3+4))) \"a$(( 1 + 1 ))b\" '$((1))' -b$((1<<2))");
  EXPECT_FALSE(words.ok());
  const auto right = split_shell_words("-s $((2*(3+4))) \"a$(( 1 + 1 ))b\" '$((1))' -b$((4))k");
  ASSERT_TRUE(right.ok()) << right.error().message;
  EXPECT_THAT(*right, ElementsAre("-s", "14", "a2b", "$((1))", "-b4k"));
  EXPECT_THAT(error_of("-s $((1+2"), HasSubstr("never closed"));
  EXPECT_THAT(error_of("-s $((1)"), HasSubstr("never closed"));
}

TEST(ShellWords, WhatOnlyAShellCanSayIsRefusedByName) {
  EXPECT_THAT(error_of("ior -s $((2*n)) -w"),
              HasSubstr("shell arithmetic \"$((2*n))\": found \"n"));
  EXPECT_THAT(error_of("ior -s \"$((1+))\""), HasSubstr("shell arithmetic"));
  EXPECT_THAT(error_of("ior -N $(nproc)"), HasSubstr("command substitution"));
  EXPECT_THAT(error_of("ior -N `nproc`"), HasSubstr("command substitution"));
  EXPECT_THAT(error_of("ior -w > log"), HasSubstr("shell operator \">\""));
  EXPECT_THAT(error_of("ior -w | tee log"), HasSubstr("shell operator \"|\""));
}

TEST(ShellWords, UnclosedQuoteAndTrailingBackslashAreCutLines) {
  EXPECT_THAT(error_of("ior -o 'abc"), HasSubstr("never closed"));
  EXPECT_THAT(error_of("ior -w \\"), HasSubstr("cut off"));
}

}  // namespace
}  // namespace scenarios
