#include "stripe/layout/setstripe_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stripe {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(SetstripeText, QuotesKeepBlanksAndEmptyWords) {
  EXPECT_THAT(*split_words(" -p  '' -o \"0, 1\" x'y'z "),
              ElementsAre("-p", "", "-o", "0, 1", "xyz"));
  EXPECT_TRUE(split_words("")->empty());
}

TEST(SetstripeText, OpenQuoteIsRefused) { EXPECT_FALSE(split_words("-p 'flash")); }

TEST(SetstripeText, SizesAreBinaryAndBareNumbersBytes) {
  EXPECT_EQ(*parse_lfs_size("65536", "size"), 65536u);
  EXPECT_EQ(*parse_lfs_size("64k", "size"), 65536u);
  EXPECT_EQ(*parse_lfs_size("1M", "size"), sim::kMiB);
  EXPECT_EQ(*parse_lfs_size("2G", "size"), 2 * sim::kGiB);
  EXPECT_EQ(*parse_lfs_size("3t", "size"), 3 * sim::kTiB);
  EXPECT_EQ(*parse_lfs_size("1P", "size"), 1024 * sim::kTiB);
}

TEST(SetstripeText, OddSizesAreRefused) {
  for (const char* text : {"", "M", "-1", "+1", "1.5M", "1MiB", "1 M", "1x", "0x10", "1@"}) {
    EXPECT_FALSE(parse_lfs_size(text, "size")) << text;
  }
}

TEST(SetstripeText, SizesEndAt2To64) {
  EXPECT_EQ(*parse_lfs_size("18446744073709551615", "size"), sim::kEof);
  EXPECT_FALSE(parse_lfs_size("18446744073709551616", "size"));
  EXPECT_TRUE(parse_lfs_size("16383P", "size"));
  EXPECT_FALSE(parse_lfs_size("16384P", "size"));
}

TEST(SetstripeText, PrintedSizesReadTheSame) {
  EXPECT_EQ(print_lfs_size(sim::kMiB), "1M");
  EXPECT_EQ(print_lfs_size(3 * sim::kMiB / 2), "1536K");
  for (const sim::Bytes size : {sim::Bytes{0}, sim::Bytes{1}, sim::Bytes{65536}, sim::kTiB,
                                sim::Bytes{1} << 63, sim::kEof}) {
    EXPECT_EQ(*parse_lfs_size(print_lfs_size(size), "size"), size);
  }
}

TEST(SetstripeText, OstListsHoldIndicesAndRanges) {
  EXPECT_THAT(*parse_ost_list("0-3,7"), ElementsAre(0, 1, 2, 3, 7));
  EXPECT_THAT(*parse_ost_list("0x1a,2"), ElementsAre(26, 2));
  EXPECT_THAT(*parse_ost_list("5-5"), ElementsAre(5));
  EXPECT_THAT(*parse_ost_list("4294967295"), ElementsAre(4294967295u));
  EXPECT_EQ(print_ost_list({0, 1, 2, 3, 7, 6}), "0-3,7,6");
}

TEST(SetstripeText, OddOstListsAreRefused) {
  for (const char* text : {"", ",", "1,", "a", "1-", "-1", "1-2-3", "0x", "4294967296"}) {
    EXPECT_FALSE(parse_ost_list(text)) << text;
  }
  EXPECT_THAT(parse_ost_list("3-1").error().message, HasSubstr("write 1-3"));
}

TEST(SetstripeText, OstListsEndAt2000) {
  EXPECT_EQ(parse_ost_list("0-1999")->size(), 2000u);
  EXPECT_FALSE(parse_ost_list("0-2000"));
  EXPECT_FALSE(parse_ost_list("0-1999,0"));
  EXPECT_FALSE(parse_ost_list("0-4294967295"));
}

}  // namespace
}  // namespace stripe
