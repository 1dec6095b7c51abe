#include "stripe/server/free_space.h"

#include <gtest/gtest.h>

#include <vector>

#include "sim/rng.h"

namespace stripe {
namespace {

using sim::Bytes;
using sim::Extent;

TEST(FreeSpace, TakenOneAfterAnotherStandsOneBehindAnother) {
  FreeSpace free(100);
  EXPECT_EQ(free.take_run(10), (Extent{0, 10}));
  EXPECT_EQ(free.take_run(20), (Extent{10, 30}));
  EXPECT_EQ(free.size(), 70u);
}

TEST(FreeSpace, WhatIsGivenBackIsUsedAgainAfterTheEnd) {
  FreeSpace free(100);
  free.take_run(60);
  free.give({0, 50});
  EXPECT_EQ(free.take_run(40), (Extent{60, 100}));
  EXPECT_EQ(free.take_run(50), (Extent{0, 50}));
  EXPECT_EQ(free.size(), 0u);
}

TEST(FreeSpace, RunOfExactlyTheFreeLengthFitsAndOneByteMoreDoesNot) {
  FreeSpace free(100);
  EXPECT_TRUE(free.take_run(101).empty());
  EXPECT_EQ(free.take_run(100), (Extent{0, 100}));
  EXPECT_TRUE(free.take_run(1).empty());
}

TEST(FreeSpace, NeighboursGrowTogether) {
  FreeSpace free(100);
  free.take_run(100);
  free.give({20, 30});
  free.give({40, 50});
  EXPECT_TRUE(free.take_run(30).empty());
  free.give({30, 40});
  EXPECT_EQ(free.take_run(30), (Extent{20, 50}));
}

TEST(FreeSpace, SomeIsWhatComesNext) {
  FreeSpace free(100);
  free.take_run(100);
  free.give({20, 25});
  free.give({70, 90});
  EXPECT_EQ(free.take_some(10), (Extent{20, 25}));
  EXPECT_EQ(free.take_some(10), (Extent{70, 80}));
}

TEST(FreeSpace, NothingIsGivenTwiceAndNothingIsLost) {
  constexpr Bytes kCapacity = 4096;
  FreeSpace free(kCapacity);
  std::vector<bool> taken(kCapacity);
  std::vector<Extent> held;
  Bytes used = 0;
  sim::Rng rng = sim::Rng(2).split("takes");
  for (int i = 0; i < 5000; ++i) {
    if (!held.empty() && rng.chance(1, 2)) {
      const auto at = held.begin() + static_cast<std::ptrdiff_t>(rng.below(held.size()));
      for (Bytes b = at->begin; b < at->end; ++b) {
        taken[b] = false;
      }
      used -= at->size();
      free.give(*at);
      held.erase(at);
    } else if (used < kCapacity) {
      const Bytes length = 1 + rng.below(100);
      const Extent got = rng.chance(1, 2) ? free.take_run(length) : free.take_some(length);
      for (Bytes b = got.begin; b < got.end; ++b) {
        ASSERT_FALSE(taken[b]);
        taken[b] = true;
      }
      used += got.size();
      if (!got.empty()) {
        held.push_back(got);
      }
    }
    ASSERT_EQ(free.size(), kCapacity - used);
  }
}

}  // namespace
}  // namespace stripe
