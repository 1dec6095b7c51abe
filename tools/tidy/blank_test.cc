#include "tools/tidy/blank.h"

#include <gtest/gtest.h>

namespace tools {
namespace {

TEST(Blank, CodeStaysAsItIs) {
  EXPECT_EQ(blank_comments_and_literals("int a = b / c;\n"), "int a = b / c;\n");
}

TEST(Blank, CommentsGoAndLinesStay) {
  EXPECT_EQ(blank_comments_and_literals("a; // rand\nb;"), "a;        \nb;");
  EXPECT_EQ(blank_comments_and_literals("a /* x\ny */ b"), "a     \n     b");
  EXPECT_EQ(blank_comments_and_literals("a /* open"), "a        ");
}

TEST(Blank, LiteralsKeepTheirQuotesOnly) {
  EXPECT_EQ(blank_comments_and_literals("f(\"ra//nd\");"), "f(\"      \");");
  EXPECT_EQ(blank_comments_and_literals("f(\"a\\\"b\", c)"), "f(\"    \", c)");
  EXPECT_EQ(blank_comments_and_literals("f('\"', x)"), "f(' ', x)");
  EXPECT_EQ(blank_comments_and_literals("f('\\'', x)"), "f('  ', x)");
}

TEST(Blank, DigitSeparatorOpensNoLiteral) {
  EXPECT_EQ(blank_comments_and_literals("1'000'000 + rand"), "1'000'000 + rand");
}

TEST(Blank, RawStringEndsAtItsOwnDelimiter) {
  EXPECT_EQ(blank_comments_and_literals("R\"(a\n\"b)\" c"), "R\"  \n   \" c");
  EXPECT_EQ(blank_comments_and_literals("R\"x()\" )x\" c"), "R\"       \" c");
  EXPECT_EQ(blank_comments_and_literals("R\"(open"), "R\"     ");
}

TEST(Blank, UnclosedLiteralEndsWithItsLine) {
  EXPECT_EQ(blank_comments_and_literals("a \"b\nc"), "a \" \nc");
  EXPECT_EQ(blank_comments_and_literals("\"\\"), "\" ");
}

}  // namespace
}  // namespace tools
