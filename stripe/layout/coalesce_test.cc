#include "stripe/layout/coalesce.h"

#include <gtest/gtest.h>

namespace stripe {
namespace {

constexpr CoalesceLimits kLimits{10, 3};

TEST(Coalesce, NamesRoundTrip) {
  for (const Coalesce policy :
       {Coalesce::none, Coalesce::adjacent, Coalesce::read_through, Coalesce::vector}) {
    EXPECT_EQ(parse_coalesce(coalesce_name(policy)), policy);
  }
  EXPECT_EQ(parse_coalesce("compound"), std::nullopt);
  EXPECT_EQ(coalesce_name(Coalesce::read_through), "read_through");
}

TEST(Coalesce, NoneNeverJoins) { EXPECT_FALSE(join(Coalesce::none, {100, 50, 1}, 100, kLimits)); }

TEST(Coalesce, AdjacentJoinsOnlyWithoutAHoleAndWithRoom) {
  EXPECT_TRUE(join(Coalesce::adjacent, {100, 1, 1}, 100, kLimits));
  EXPECT_FALSE(join(Coalesce::adjacent, {100, 0, 1}, 100, kLimits));
  EXPECT_FALSE(join(Coalesce::adjacent, {100, 50, 1}, 101, kLimits));
}

TEST(Coalesce, ReadThroughStopsAtTheWidestHole) {
  EXPECT_EQ(join(Coalesce::read_through, {100, 50, 1}, 110, kLimits)->gap, 10u);
  EXPECT_FALSE(join(Coalesce::read_through, {100, 50, 1}, 111, kLimits));
}

TEST(Coalesce, ReadThroughNeedsRoomForAByteBehindTheHole) {
  EXPECT_TRUE(join(Coalesce::read_through, {100, 6, 1}, 105, kLimits));
  EXPECT_FALSE(join(Coalesce::read_through, {100, 5, 1}, 105, kLimits));
}

TEST(Coalesce, VectorOpensRangesUpToItsLimit) {
  EXPECT_TRUE(join(Coalesce::vector, {100, 1, 2}, 500, kLimits)->new_range);
  EXPECT_FALSE(join(Coalesce::vector, {100, 1, 3}, 500, kLimits));
  EXPECT_FALSE(join(Coalesce::vector, {100, 1, 3}, 100, kLimits)->new_range);
  EXPECT_FALSE(join(Coalesce::vector, {100, 0, 1}, 500, kLimits));
}

}  // namespace
}  // namespace stripe
