#include "stripe/layout/limits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stripe {
namespace {

using testing::HasSubstr;

TEST(Limits, StripeSizesAreMultiplesOf64KiBBelow4GiB) {
  EXPECT_TRUE(check_stripe_size(65536));
  EXPECT_TRUE(check_stripe_size(3 * 65536));
  EXPECT_TRUE(check_stripe_size(kMaxStripeSize));
  EXPECT_FALSE(check_stripe_size(0));
  EXPECT_FALSE(check_stripe_size(65535));
  EXPECT_FALSE(check_stripe_size(65537));
  EXPECT_FALSE(check_stripe_size(kMaxStripeSize + kStripeUnit));
}

TEST(Limits, RefusedStripeSizeNamesItsNeighbours) {
  EXPECT_EQ(check_stripe_size(102400).error().message,
            "stripe size 102400 B is not a multiple of 64 KiB; 65536 or 131072 would be");
  EXPECT_THAT(check_stripe_size(100).error().message, HasSubstr("; 65536 would be"));
}

TEST(Limits, StripeCountsRunFrom1To2000) {
  EXPECT_FALSE(check_stripe_count(0));
  EXPECT_TRUE(check_stripe_count(1));
  EXPECT_TRUE(check_stripe_count(2000));
  EXPECT_FALSE(check_stripe_count(2001));
}

TEST(Limits, ComponentEndsAreMultiplesOf64KiBOrEof) {
  EXPECT_FALSE(check_component_end(0));
  EXPECT_FALSE(check_component_end(65535));
  EXPECT_TRUE(check_component_end(65536));
  EXPECT_TRUE(check_component_end(sim::kEof));
  EXPECT_THAT(check_component_end(sim::kEof - 1).error().message,
              HasSubstr("18446744073709486080 would be"));
}

TEST(Limits, PoolNamesFitTheFieldWithItsNul) {
  EXPECT_FALSE(check_pool_name(""));
  EXPECT_TRUE(check_pool_name("flash"));
  EXPECT_TRUE(check_pool_name("fifteen_letters"));
  EXPECT_FALSE(check_pool_name("sixteen_letters_"));
  EXPECT_FALSE(check_pool_name("two words"));
}

}  // namespace
}  // namespace stripe
