#include "stripe/server/allocator.h"

#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "sim/rng.h"

namespace stripe {
namespace {

using sim::Bytes;
using sim::Extent;

constexpr ObjectId kA{1, 1};
constexpr ObjectId kB{1, 2};
constexpr AllocatorParams kParams{10, 100};  // blocks of 10 bytes, windows of 100

std::vector<Extent> places(const Allocator& allocator, ObjectId object, Extent range) {
  ExtentList list;
  allocator.map(object, range, list);
  return {list.begin(), list.end()};
}
using Places = std::vector<Extent>;

TEST(Allocator, InterleavedWritersAlternateByWindow) {
  Allocator a(1000, kParams);
  for (Bytes at = 0; at < 200; at += 10) {
    ASSERT_TRUE(a.allocate(kA, {at, at + 10}).ok());
    ASSERT_TRUE(a.allocate(kB, {at, at + 10}).ok());
  }
  EXPECT_EQ(places(a, kA, {0, 200}), (Places{{0, 100}, {200, 300}}));
  EXPECT_EQ(places(a, kB, {0, 200}), (Places{{100, 200}, {300, 400}}));
}

TEST(Allocator, WithoutAWindowInterleavedWritersAlternateByWrite) {
  Allocator a(1000, {10, 0});
  for (Bytes at = 0; at < 20; at += 10) {
    ASSERT_TRUE(a.allocate(kA, {at, at + 10}).ok());
    ASSERT_TRUE(a.allocate(kB, {at, at + 10}).ok());
  }
  EXPECT_EQ(places(a, kA, {0, 20}), (Places{{0, 10}, {20, 30}}));
}

TEST(Allocator, WritesOutOfOrderWithinAWindowStandInOrder) {
  Allocator a(1000, kParams);
  ASSERT_TRUE(a.allocate(kA, {60, 70}).ok());
  ASSERT_TRUE(a.allocate(kB, {0, 10}).ok());
  ASSERT_TRUE(a.allocate(kA, {0, 60}).ok());
  EXPECT_EQ(places(a, kA, {0, 70}), (Places{{0, 70}}));
}

TEST(Allocator, SpaceIsCountedInWholeBlocksAndReservesCountAsFree) {
  Allocator a(1000, kParams);
  ASSERT_TRUE(a.allocate(kA, {19, 21}).ok());
  EXPECT_EQ(a.allocated(kA), 20u);
  EXPECT_EQ(a.used(), 20u);
  ASSERT_TRUE(a.allocate(kA, {10, 30}).ok());
  EXPECT_EQ(a.used(), 20u);
}

TEST(Allocator, EmptyRangeTakesNothing) {
  Allocator a(1000, kParams);
  ASSERT_TRUE(a.allocate(kA, {15, 15}).ok());
  EXPECT_EQ(a.used(), 0u);
}

TEST(Allocator, HoleHasNoPlace) {
  Allocator a(1000, kParams);
  ASSERT_TRUE(a.allocate(kA, {0, 10}).ok());
  ASSERT_TRUE(a.allocate(kA, {500, 510}).ok());
  EXPECT_EQ(places(a, kA, {10, 500}), Places{});
  EXPECT_EQ(places(a, kA, {5, 505}), (Places{{5, 10}, {100, 105}}));
  EXPECT_EQ(places(a, kB, {0, 1000}), Places{});
}

TEST(Allocator, EveryBlockCanBeUsedWhateverIsReserved) {
  Allocator a(200, kParams);
  ASSERT_TRUE(a.allocate(kA, {0, 10}).ok());
  ASSERT_TRUE(a.allocate(kB, {0, 10}).ok());  // now everything is in use or reserved
  EXPECT_TRUE(a.allocate(kA, {1000, 1180}).ok());
  EXPECT_EQ(a.used(), 200u);
  EXPECT_EQ(a.allocate(kB, {10, 11}).code(), sim::Errc::no_space);
}

TEST(Allocator, RefusalChangesNothing) {
  Allocator a(100, kParams);
  ASSERT_TRUE(a.allocate(kA, {0, 50}).ok());
  EXPECT_EQ(a.allocate(kA, {40, 101}).code(), sim::Errc::no_space);
  EXPECT_EQ(a.used(), 50u);
  EXPECT_EQ(places(a, kA, {0, 101}), (Places{{0, 50}}));
  EXPECT_TRUE(a.allocate(kA, {40, 100}).ok());
}

TEST(Allocator, TruncateFreesWholeBlocksBehindTheSize) {
  Allocator a(1000, kParams);
  ASSERT_TRUE(a.allocate(kA, {0, 300}).ok());
  a.truncate(kA, 151);
  EXPECT_EQ(a.allocated(kA), 160u);
  EXPECT_EQ(places(a, kA, {0, 300}), (Places{{0, 160}}));
  a.truncate(kA, 150);
  EXPECT_EQ(a.used(), 150u);
  a.truncate(kA, 5000);
  EXPECT_EQ(a.used(), 150u);
}

TEST(Allocator, FreedSpaceIsGivenToOthers) {
  Allocator a(200, kParams);
  ASSERT_TRUE(a.allocate(kA, {0, 200}).ok());
  a.destroy(kA);
  EXPECT_EQ(a.used(), 0u);
  EXPECT_TRUE(a.allocate(kB, {0, 200}).ok());
}

TEST(Allocator, FragmentsAreUsedWhenNothingLongerIsLeft) {
  Allocator a(100, {10, 0});
  for (Bytes i = 0; i < 10; ++i) {
    ASSERT_TRUE(a.allocate({2, i}, {0, 10}).ok());
  }
  for (Bytes i = 1; i < 10; i += 2) {
    a.destroy({2, i});
  }
  ASSERT_TRUE(a.allocate(kA, {0, 50}).ok());
  EXPECT_EQ(places(a, kA, {0, 50}), (Places{{10, 20}, {30, 40}, {50, 60}, {70, 80}, {90, 100}}));
}

// Against a map of single blocks: no block of the device has two owners, an object's block keeps
// its place, and the space adds up.
// A write that begins before a window, and finds none for its beginning, uses the window's place
// for the rest: else that would belong to nobody.
TEST(Allocator, WhatReachesIntoAWindowIsPlacedThere) {
  Allocator a(250, kParams);
  ASSERT_TRUE(a.allocate(kA, {150, 160}).ok());  // a window for [100, 200)
  ASSERT_TRUE(a.allocate(kB, {0, 10}).ok());     // another; less than a window is free now
  ASSERT_TRUE(a.allocate(kA, {90, 120}).ok());
  EXPECT_EQ(places(a, kA, {100, 120}), (Places{{0, 20}}));
  a.destroy(kA);
  a.destroy(kB);
  EXPECT_TRUE(a.allocate(kA, {0, 250}).ok());
}

TEST(Allocator, NoBlockHasTwoOwnersInAnyHistory) {
  constexpr Bytes kCapacity = 5000;
  Allocator a(kCapacity, kParams);
  std::map<std::pair<ObjectId, Bytes>, Bytes> blocks;  // object and its block to device block
  sim::Rng rng = sim::Rng(4).split("history");
  for (int i = 0; i < 3000; ++i) {
    const ObjectId object{1, rng.below(6)};
    const Bytes begin = rng.below(2000);
    if (rng.chance(1, 8)) {
      a.truncate(object, begin);
      std::erase_if(blocks, [&](const auto& b) {
        return b.first.first == object && b.first.second * 10 >= begin;
      });
    } else if (rng.chance(1, 50)) {
      a.destroy(object);
      std::erase_if(blocks, [&](const auto& b) { return b.first.first == object; });
    } else {
      const Extent range{begin, begin + 1 + rng.below(250)};
      if (!a.allocate(object, range).ok()) {
        continue;
      }
      for (Bytes block = range.begin / 10; block * 10 < range.end; ++block) {
        const auto where = places(a, object, {block * 10, block * 10 + 10});
        ASSERT_EQ(where.size(), 1u);
        const auto [it, is_new] = blocks.try_emplace({object, block}, where[0].begin);
        ASSERT_EQ(it->second, where[0].begin);
      }
    }
    ASSERT_EQ(a.used(), blocks.size() * 10);
    std::vector<bool> owned(kCapacity / 10);
    for (const auto& [key, device] : blocks) {
      ASSERT_FALSE(owned[device / 10]);
      owned[device / 10] = true;
    }
  }
}

}  // namespace
}  // namespace stripe
