#include "scenarios/workload/scan.h"

#include <gtest/gtest.h>

#include <array>

namespace scenarios::scan {
namespace {

TEST(Scan, NumberIsDigitsAndNothingElse) {
  EXPECT_EQ(unsigned_number("0"), 0u);
  EXPECT_EQ(unsigned_number("18446744073709551615"), 18446744073709551615u);
  for (const char* wrong : {"", " 1", "1 ", "+1", "-1", "0x1", "1.0", "18446744073709551616"}) {
    EXPECT_FALSE(unsigned_number(wrong)) << wrong;
  }
  EXPECT_EQ(signed_number("-5"), -5);
}

TEST(Scan, QuotedTextShowsNoControlBytesAndIsShort) {
  EXPECT_EQ(in_quotes("a\x01\x7f"), "\"a\\x01\\x7f\"");
  EXPECT_EQ(in_quotes(std::string(60, 'x')).size(), 62u);
  EXPECT_EQ(in_quotes(std::string(61, 'x')), '"' + std::string(60, 'x') + "...\"");
}

TEST(Scan, ControlBytesAreFound) {
  EXPECT_FALSE(has_control("a b\xe9~"));
  EXPECT_TRUE(has_control("a\tb"));
  EXPECT_TRUE(has_control("\x7f"));
}

TEST(Scan, NearestKnownWordIsSuggestedWhenNearEnough) {
  constexpr std::array<std::string_view, 2> kKnown = {"blockSize", "transferSize"};
  EXPECT_EQ(did_you_mean("blocksice", kKnown), " (did you mean blockSize?)");
  EXPECT_EQ(did_you_mean("zzzzzzzzz", kKnown), "");
}

TEST(Scan, WordsAndTrimKnowBlanksOnly) {
  EXPECT_EQ(words(" a\t b "), (std::vector<std::string_view>{"a", "b"}));
  EXPECT_TRUE(words(" \t").empty());
  EXPECT_EQ(trim("\t a b \r"), "a b");
}

}  // namespace
}  // namespace scenarios::scan
