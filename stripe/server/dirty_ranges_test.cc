#include "stripe/server/dirty_ranges.h"

#include <gtest/gtest.h>

#include <vector>

#include "sim/rng.h"

namespace stripe {
namespace {

using sim::Bytes;
using sim::Extent;

constexpr Bytes kRow = 100;

TEST(DirtyRanges, CountsEveryByteOnce) {
  DirtyRanges dirty(kRow, kRow);
  EXPECT_EQ(dirty.add({10, 20}), 10u);
  EXPECT_EQ(dirty.add({15, 30}), 10u);
  EXPECT_EQ(dirty.size(), 20u);
  EXPECT_EQ(dirty.remove({0, 12}), 2u);
  EXPECT_EQ(dirty.size(), 18u);
}

TEST(DirtyRanges, CoversOnlyWhatIsThereInOnePieceOrSeveral) {
  DirtyRanges dirty(kRow, kRow);
  dirty.add({10, 20});
  dirty.age();
  dirty.add({20, 30});
  EXPECT_TRUE(dirty.covers({10, 30}));
  EXPECT_FALSE(dirty.covers({9, 30}));
  EXPECT_FALSE(dirty.covers({10, 31}));
}

TEST(DirtyRanges, PartialStripeStaysUntilOldOrWanted) {
  DirtyRanges dirty(kRow, kRow);
  dirty.add({0, kRow - 1});
  EXPECT_TRUE(dirty.take(false).empty());
  EXPECT_EQ(dirty.take(true), (Extent{0, kRow - 1}));
  dirty.add({0, kRow - 1});
  dirty.age();
  EXPECT_EQ(dirty.take(false), (Extent{0, kRow - 1}));
  EXPECT_EQ(dirty.size(), 0u);
}

TEST(DirtyRanges, FullStripeMayLeaveAtOnceAndItsEdgesStay) {
  DirtyRanges dirty(kRow, 10 * kRow);
  dirty.add({50, 350});
  EXPECT_EQ(dirty.take(false), (Extent{100, 300}));
  EXPECT_TRUE(dirty.take(false).empty());
  EXPECT_EQ(dirty.size(), 100u);
}

TEST(DirtyRanges, PiecesGrowTogetherToAFullStripe) {
  DirtyRanges dirty(kRow, kRow);
  dirty.add({0, 40});
  dirty.add({60, 100});
  EXPECT_TRUE(dirty.take(false).empty());
  dirty.add({40, 60});
  EXPECT_EQ(dirty.take(false), (Extent{0, 100}));
}

TEST(DirtyRanges, RemovingAPieceMakesAStripePartialAgain) {
  DirtyRanges dirty(kRow, kRow);
  dirty.add({0, 100});
  dirty.remove({50, 51});
  EXPECT_TRUE(dirty.take(false).empty());
}

TEST(DirtyRanges, RunsLeaveUpwardsRoundAndRound) {
  DirtyRanges dirty(kRow, kRow);
  for (const Bytes row : {5u, 1u, 3u}) {
    dirty.add({row * kRow, (row + 1) * kRow});
  }
  EXPECT_EQ(dirty.take(false).begin, 100u);
  EXPECT_EQ(dirty.take(false).begin, 300u);
  dirty.add({0, kRow});
  EXPECT_EQ(dirty.take(false).begin, 500u);
  EXPECT_EQ(dirty.take(false).begin, 0u);
}

TEST(DirtyRanges, RunIsNoLongerThanAskedForAndEndsWithAStripe) {
  DirtyRanges dirty(kRow, 250);
  dirty.add({50, 1000});
  dirty.age();
  EXPECT_EQ(dirty.take(false), (Extent{50, 200}));
  EXPECT_EQ(dirty.take(false), (Extent{200, 400}));
}

TEST(DirtyRanges, WhatGoesInComesOutOnce) {
  sim::Rng rng = sim::Rng(5).split("ranges");
  DirtyRanges dirty(kRow, 3 * kRow);
  Bytes in = 0;
  Bytes out = 0;
  for (int i = 0; i < 2000; ++i) {
    const Bytes begin = rng.below(5000);
    in += dirty.add({begin, begin + 1 + rng.below(300)});
    if (rng.chance(1, 10)) {
      dirty.age();
    }
    if (rng.chance(1, 2)) {
      out += dirty.take(rng.chance(1, 2)).size();
    }
    ASSERT_EQ(in - out, dirty.size());
  }
  while (dirty.size() > 0) {
    out += dirty.take(true).size();
  }
  EXPECT_EQ(in, out);
}

}  // namespace
}  // namespace stripe
