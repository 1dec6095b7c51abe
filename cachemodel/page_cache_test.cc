#include "cachemodel/page_cache.h"

#include <gtest/gtest.h>

#include <array>
#include <ostream>

#include "sim/rng.h"

namespace cachemodel {

void PrintTo(const CachePiece& piece, std::ostream* out) {
  *out << "[" << piece.range.begin << ", " << piece.range.end << ")"
       << (piece.cached ? " of write " : " not cached ") << piece.stamp;
}

namespace {

using Pieces = std::vector<CachePiece>;
using sim::Bytes;
using sim::Extent;

constexpr std::uint64_t kFile = 7;

class PageCacheTest : public testing::Test {
 protected:
  Pieces look(PageCache& cache, Extent range, std::uint64_t file = kFile) {
    cache.lookup(file, range, pieces_);
    return pieces_;
  }
  Pieces pieces_;
};

TEST_F(PageCacheTest, LookupCoversTheRangeInOrder) {
  PageCache cache(1000);
  cache.insert_clean(kFile, {10, 20}, 1);
  cache.insert_dirty(kFile, {30, 40}, 2);
  EXPECT_EQ(
      look(cache, {5, 35}),
      (Pieces{
          {{5, 10}, false, 0}, {{10, 20}, true, 1}, {{20, 30}, false, 0}, {{30, 35}, true, 2}}));
  EXPECT_EQ(look(cache, {20, 30}), (Pieces{{{20, 30}, false, 0}}));
  EXPECT_EQ(look(cache, {10, 20}, kFile + 1), (Pieces{{{10, 20}, false, 0}}));
  EXPECT_EQ(look(cache, {10, 10}), Pieces());
}

TEST_F(PageCacheTest, ContainsNeedsEveryByte) {
  PageCache cache(1000);
  cache.insert_clean(kFile, {10, 20}, 1);
  cache.insert_clean(kFile, {20, 30}, 2);
  EXPECT_TRUE(cache.contains(kFile, {10, 30}));
  EXPECT_TRUE(cache.contains(kFile, {15, 15}));
  EXPECT_FALSE(cache.contains(kFile, {9, 30}));
  EXPECT_FALSE(cache.contains(kFile, {10, 31}));
  EXPECT_FALSE(cache.contains(kFile + 1, {10, 11}));
}

TEST_F(PageCacheTest, FetchedDataGoesOnlyWhereNothingIs) {
  PageCache cache(1000);
  cache.insert_dirty(kFile, {10, 20}, 2);
  cache.insert_clean(kFile, {20, 25}, 3);
  cache.insert_clean(kFile, {0, 30}, 1);
  EXPECT_EQ(
      look(cache, {0, 30}),
      (Pieces{{{0, 10}, true, 1}, {{10, 20}, true, 2}, {{20, 25}, true, 3}, {{25, 30}, true, 1}}));
}

TEST_F(PageCacheTest, WritingReplacesWhatIsThere) {
  PageCache cache(1000);
  cache.insert_dirty(kFile, {0, 30}, 1);
  cache.insert_dirty(kFile, {10, 20}, 2);
  EXPECT_EQ(look(cache, {0, 30}),
            (Pieces{{{0, 10}, true, 1}, {{10, 20}, true, 2}, {{20, 30}, true, 1}}));
  EXPECT_EQ(cache.dirty(), 30u);
}

TEST_F(PageCacheTest, WrittenBackIsOnlyWhatStillIsOfThatWrite) {
  PageCache cache(1000);
  cache.insert_dirty(kFile, {0, 30}, 1);
  cache.insert_dirty(kFile, {10, 20}, 2);
  cache.mark_clean(kFile, {0, 30}, 1);
  EXPECT_EQ(cache.dirty(), 10u) << "the second write is newer than what was written back";
  cache.mark_clean(kFile, {0, 15}, 2);
  EXPECT_EQ(cache.dirty(), 5u);
  EXPECT_EQ(cache.cached(), 30u);
}

TEST_F(PageCacheTest, DropForgetsExactlyTheRange) {
  PageCache cache(1000);
  cache.insert_dirty(kFile, {0, 30}, 1);
  cache.insert_clean(kFile, {30, 40}, 2);
  cache.drop(kFile, {10, 35});
  EXPECT_EQ(look(cache, {0, 40}),
            (Pieces{{{0, 10}, true, 1}, {{10, 35}, false, 0}, {{35, 40}, true, 2}}));
  EXPECT_EQ(cache.dirty(), 10u);
  EXPECT_EQ(cache.cached(), 15u);
  cache.drop(kFile, {0, sim::kEof});
  EXPECT_EQ(cache.cached(), 0u);
}

TEST_F(PageCacheTest, DropCleanKeepsWhatIsDirty) {
  PageCache cache(1000);
  cache.insert_clean(kFile, {0, 10}, 1);
  cache.insert_dirty(kFile, {10, 20}, 2);
  cache.insert_clean(kFile, {20, 30}, 1);
  cache.drop_clean(kFile, {5, 25});
  EXPECT_EQ(look(cache, {0, 30}), (Pieces{{{0, 5}, true, 1},
                                          {{5, 10}, false, 0},
                                          {{10, 20}, true, 2},
                                          {{20, 25}, false, 0},
                                          {{25, 30}, true, 1}}));
}

TEST_F(PageCacheTest, TheLeastRecentlyUsedGoesFirstWhenTheCapacityIsPassed) {
  PageCache cache(30);
  cache.insert_clean(kFile, {0, 10}, 1);
  cache.insert_clean(kFile, {10, 20}, 2);
  cache.insert_clean(kFile, {20, 30}, 3);
  EXPECT_EQ(cache.evicted(), 0u) << "exactly full";
  look(cache, {0, 10});
  cache.insert_clean(kFile, {30, 31}, 4);
  EXPECT_EQ(cache.evicted(), 10u);
  EXPECT_FALSE(cache.contains(kFile, {10, 20}));
  EXPECT_TRUE(cache.contains(kFile, {0, 10}));
  EXPECT_TRUE(cache.contains(kFile, {20, 31}));
}

TEST_F(PageCacheTest, PeekIsNoUse) {
  PageCache cache(20);
  cache.insert_clean(kFile, {0, 10}, 1);
  cache.insert_clean(kFile, {10, 20}, 2);
  cache.peek(kFile, {0, 10}, pieces_);
  cache.insert_clean(kFile, {20, 30}, 3);
  EXPECT_FALSE(cache.contains(kFile, {0, 10}));
}

TEST_F(PageCacheTest, DirtyDataStaysUntilItIsWritten) {
  PageCache cache(10);
  cache.insert_dirty(kFile, {0, 30}, 1);
  EXPECT_TRUE(cache.contains(kFile, {0, 30}));
  cache.insert_clean(kFile, {30, 40}, 2);
  EXPECT_EQ(cache.cached(), 30u) << "no room for clean data beside it";
  cache.mark_clean(kFile, {0, 20}, 1);
  EXPECT_EQ(cache.cached(), 10u);
  EXPECT_TRUE(cache.contains(kFile, {20, 30}));
}

TEST_F(PageCacheTest, ReadAheadThatLeavesUnusedIsCounted) {
  PageCache cache(1000);
  cache.insert_clean(kFile, {0, 10}, 1, Fetched::ahead);
  cache.insert_clean(kFile, {10, 20}, 1, Fetched::ahead);
  cache.insert_clean(kFile, {20, 30}, 1, Fetched::asked);
  look(cache, {0, 14});
  EXPECT_EQ(cache.unused(), 0u) << "it is still there";
  cache.drop(kFile, {0, 30});
  EXPECT_EQ(cache.unused(), 6u);
}

// What each byte of a small file is, by the simplest means.
struct Byte {
  bool cached = false;
  bool dirty = false;
  std::uint64_t stamp = 0;
  bool operator==(const Byte&) const = default;
};
constexpr std::size_t kBytes = 64;
using Model = std::array<Byte, kBytes>;

void change(PageCache& cache, Model& model, sim::Rng& rng, std::uint64_t stamp) {
  const Bytes a = rng.below(kBytes);
  const Bytes b = rng.below(kBytes + 1);
  const Extent range{std::min(a, b), std::max(a, b)};
  const std::uint64_t kind = rng.below(4);
  const std::uint64_t cleaned = stamp > 3 ? stamp - rng.below(4) : stamp;
  kind == 0   ? cache.insert_dirty(kFile, range, stamp)
  : kind == 1 ? cache.insert_clean(kFile, range, stamp)
  : kind == 2 ? cache.mark_clean(kFile, range, cleaned)
              : cache.drop(kFile, range);
  for (Bytes i = range.begin; i < range.end; ++i) {
    Byte& byte = model[i];
    if (kind == 0 || (kind == 1 && !byte.cached)) {
      byte = {true, kind == 0, stamp};
    } else if (kind == 2 && byte.stamp == cleaned) {
      byte.dirty = false;
    } else if (kind == 3) {
      byte = {};
    }
  }
}

TEST(PageCacheLaw, HoldsWhatAMapOfBytesHolds) {
  sim::Rng rng(1);
  PageCache cache(sim::kGiB);
  Model model;
  Pieces pieces;
  for (std::uint64_t stamp = 1; stamp <= 5000; ++stamp) {
    change(cache, model, rng, stamp);
    cache.lookup(kFile, {0, kBytes}, pieces);
    Model seen;
    Bytes cached = 0;
    Bytes dirty = 0;
    for (const CachePiece& piece : pieces) {
      for (Bytes i = piece.range.begin; i < piece.range.end; ++i) {
        seen[i] = {piece.cached, model[i].dirty, piece.stamp};
        cached += piece.cached ? 1 : 0;
        dirty += model[i].dirty ? 1 : 0;
      }
    }
    ASSERT_EQ(seen, model) << "after change " << stamp;
    ASSERT_EQ(cache.cached(), cached);
    ASSERT_EQ(cache.dirty(), dirty);
  }
}

}  // namespace
}  // namespace cachemodel
