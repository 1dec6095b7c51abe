#include "cachemodel/ldlm/lock_cache.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cachemodel {
namespace {

using enum LockMode;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr ResourceName kObject{{7, 0, 0, 0}};
constexpr sim::TimePoint at(std::int64_t seconds) {
  return sim::TimePoint() + sim::seconds(seconds);
}

GrantedLock lock_on(LockHandle handle, LockMode mode, sim::Extent extent) {
  return {.handle = handle, .resource = kObject, .mode = mode, .extent = extent};
}

// A lock that was used and is not any more.
void add_unused(LockCache& cache, LockHandle handle, sim::TimePoint last_used) {
  cache.add(lock_on(handle, pr, {handle * 4096, (handle + 1) * 4096}));
  EXPECT_FALSE(cache.release(handle, last_used));
}

std::vector<LockHandle> excess(LockCache& cache, sim::TimePoint now) {
  std::vector<LockHandle> out;
  cache.collect_excess(now, out);
  return out;
}

TEST(LockCacheMatch, NeedsALockThatCoversTheWholeRange) {
  LockCache cache{LruOptions{}};
  cache.add(lock_on(1, pw, {4096, 8192}));
  cache.add(lock_on(2, pw, {8192, 12288}));
  EXPECT_EQ(cache.match(kObject, {pw}, {4096, 8192}), 1u);
  EXPECT_EQ(cache.match(kObject, {pw}, {8192, 8193}), 2u);
  EXPECT_FALSE(cache.match(kObject, {pw}, {4095, 8192}));
  EXPECT_FALSE(cache.match(kObject, {pw}, {4096, 8193}));
  EXPECT_FALSE(cache.match({{8, 0, 0, 0}}, {pw}, {4096, 8192}));
}

TEST(LockCacheMatch, AWriteLockServesAReaderButNotTheOtherWay) {
  LockCache cache{LruOptions{}};
  cache.add(lock_on(1, pw, {0, 4096}));
  cache.add(lock_on(2, pr, {4096, 8192}));
  EXPECT_EQ(cache.match(kObject, modes_that_serve(pr), {0, 4096}), 1u);
  EXPECT_EQ(cache.match(kObject, modes_that_serve(pr), {4096, 8192}), 2u);
  EXPECT_FALSE(cache.match(kObject, modes_that_serve(pw), {4096, 8192}));
}

TEST(LockCacheReach, IsThatOfTheFurthestLockInAnyModeCalledBackOrNot) {
  LockCache cache{LruOptions{}};
  EXPECT_EQ(cache.reach_on(kObject), 0u);
  cache.add(lock_on(1, pr, {0, 12288}));
  cache.add(lock_on(2, pr, {4096, 8192}));
  EXPECT_EQ(cache.reach_on(kObject), 12288u);
  cache.add(lock_on(3, pw, {16384, 20480}));
  EXPECT_FALSE(cache.call_back(3)) << "it is in use";
  EXPECT_EQ(cache.reach_on(kObject), 20480u);
  cache.remove(3);
  cache.remove(1);
  EXPECT_EQ(cache.reach_on(kObject), 8192u);
  EXPECT_EQ(cache.reach_on({{8, 0, 0, 0}}), 0u);
}

TEST(LockCacheMatch, NeedsAllBits) {
  LockCache cache{LruOptions{}};
  GrantedLock lock = lock_on(1, pr, {0, sim::kEof});
  lock.bits = kBitLookup | kBitUpdate;
  cache.add(lock);
  EXPECT_EQ(cache.match(kObject, {cr, pr}, {0, sim::kEof}, kBitUpdate), 1u);
  EXPECT_FALSE(cache.match(kObject, {cr, pr}, {0, sim::kEof}, kBitUpdate | kBitPerm));
}

TEST(LockCacheCallBack, AnUnusedLockIsCancelledAtOnce) {
  LockCache cache{LruOptions{}};
  add_unused(cache, 1, at(0));
  EXPECT_TRUE(cache.call_back(1));
  EXPECT_FALSE(cache.call_back(1));
  EXPECT_EQ(cache.unused(), 0u);
  EXPECT_FALSE(cache.match(kObject, {pr}, {4096, 8192}));
}

TEST(LockCacheCallBack, AUsedLockIsCancelledByItsLastUser) {
  LockCache cache{LruOptions{}};
  cache.add(lock_on(1, pr, {0, sim::kEof}));
  ASSERT_TRUE(cache.match(kObject, {pr}, {0, 1}));
  EXPECT_FALSE(cache.call_back(1));
  EXPECT_FALSE(cache.match(kObject, {pr}, {0, 1}));
  EXPECT_FALSE(cache.release(1, at(1)));
  EXPECT_TRUE(cache.release(1, at(2)));
  EXPECT_EQ(cache.unused(), 0u);
}

TEST(LockCacheRemove, ALockThatWasLostMayStillBeReleased) {
  LockCache cache{LruOptions{}};
  cache.add(lock_on(1, pr, {0, sim::kEof}));
  cache.remove(1);
  EXPECT_FALSE(cache.release(1, at(1)));
  EXPECT_FALSE(cache.call_back(1));
  EXPECT_FALSE(cache.find(1));
  EXPECT_EQ(cache.size(), 0u);
  cache.remove(1);
}

TEST(LockCacheConvert, KeepsTheRestAndIsUsableAgain) {
  LockCache cache{LruOptions{}};
  GrantedLock lock = lock_on(1, pr, {0, sim::kEof});
  lock.bits = kBitLookup | kBitUpdate;
  cache.add(lock);
  ASSERT_FALSE(cache.release(1, at(0)));
  ASSERT_TRUE(cache.call_back(1));
  cache.drop_bits(1, kBitUpdate, at(1));
  EXPECT_EQ(cache.unused(), 1u);
  EXPECT_EQ(cache.find(1)->bits, kBitLookup);
  EXPECT_FALSE(cache.match(kObject, {pr}, {0, sim::kEof}, kBitUpdate));
  EXPECT_EQ(cache.match(kObject, {pr}, {0, sim::kEof}, kBitLookup), 1u);
}

TEST(LockCacheLru, TheLeastRecentlyUsedGoFirst) {
  LockCache cache{{.max_unused = 2, .batch = 1}};
  add_unused(cache, 1, at(0));
  add_unused(cache, 2, at(1));
  EXPECT_THAT(excess(cache, at(1)), IsEmpty());
  ASSERT_TRUE(cache.match(kObject, {pr}, {4096, 8192}));
  EXPECT_FALSE(cache.release(1, at(2)));
  add_unused(cache, 3, at(3));
  EXPECT_THAT(excess(cache, at(3)), ElementsAre(2));
  EXPECT_THAT(excess(cache, at(3)), IsEmpty());
  EXPECT_FALSE(cache.match(kObject, {pr}, {2 * 4096, 3 * 4096}));
}

TEST(LockCacheTouch, FindsWhatMatchDoes) {
  LockCache cache{LruOptions{}};
  add_unused(cache, 1, at(0));
  const sim::Extent all = cache.find(1)->extent;
  EXPECT_EQ(cache.touch(kObject, {pr}, all, kAllInodeBits, at(1)), all);
  EXPECT_FALSE(cache.touch(kObject, {pr}, {all.begin, all.end + 1}, kAllInodeBits, at(1)));
  EXPECT_FALSE(cache.touch(kObject, {pw}, all, kAllInodeBits, at(1)));
  ASSERT_TRUE(cache.call_back(1));
  EXPECT_FALSE(cache.touch(kObject, {pr}, all, kAllInodeBits, at(1)));
}

TEST(LockCacheTouch, CountsAsAUse) {
  LockCache cache{{.max_unused = 2, .batch = 1}};
  add_unused(cache, 1, at(0));
  add_unused(cache, 2, at(1));
  ASSERT_TRUE(cache.touch(kObject, {pr}, cache.find(1)->extent, kAllInodeBits, at(2)));
  add_unused(cache, 3, at(3));
  EXPECT_THAT(excess(cache, at(3)), ElementsAre(2));
}

TEST(LockCacheTouch, LeavesAUsedLockToItsUsers) {
  LockCache cache{{.max_unused = 0, .batch = 1}};
  cache.add(lock_on(1, pr, {4096, 8192}));
  EXPECT_TRUE(cache.touch(kObject, {pr}, {4096, 8192}, kAllInodeBits, at(1)));
  EXPECT_EQ(cache.unused(), 0u);
  EXPECT_THAT(excess(cache, at(10000)), IsEmpty());
}

TEST(LockCacheLru, UsedLocksNeverGo) {
  LockCache cache{{.max_unused = 1, .batch = 1}};
  cache.add(lock_on(1, pr, {4096, 8192}));
  add_unused(cache, 2, at(0));
  add_unused(cache, 3, at(0));
  EXPECT_THAT(excess(cache, at(10000)), ElementsAre(2, 3));
}

TEST(LockCacheLru, IfOneGoesABatchGoes) {
  LockCache cache{{.max_unused = 100}};
  for (LockHandle handle = 1; handle <= 100; ++handle) {
    add_unused(cache, handle, at(0));
  }
  EXPECT_THAT(excess(cache, at(1)), IsEmpty());
  add_unused(cache, 101, at(1));
  EXPECT_EQ(excess(cache, at(1)).size(), 16u);
  EXPECT_EQ(cache.unused(), 85u);
}

TEST(LockCacheLru, MoreThanABatchGoesIfItMust) {
  LockCache cache{{.max_unused = 10}};
  for (LockHandle handle = 1; handle <= 50; ++handle) {
    add_unused(cache, handle, at(0));
  }
  EXPECT_EQ(excess(cache, at(0)).size(), 40u);
}

TEST(LockCacheLru, TheServersVolumeDecidesOtherwise) {
  LockCache cache{{.batch = 1}};
  for (LockHandle handle = 1; handle <= 10; ++handle) {
    add_unused(cache, handle, at(0));
  }
  EXPECT_THAT(excess(cache, at(100)), IsEmpty());
  cache.set_server_volume(500);
  EXPECT_THAT(excess(cache, at(49)), IsEmpty());
  EXPECT_THAT(excess(cache, at(50)), ElementsAre(1));  // the other nine have less volume together
  EXPECT_THAT(excess(cache, at(63)), ElementsAre(2, 3));
}

TEST(LockCacheLru, AgeBoundsThemAll) {
  LockCache cache{LruOptions{}};
  add_unused(cache, 1, at(0));
  EXPECT_THAT(excess(cache, at(600)), IsEmpty());
  EXPECT_THAT(excess(cache, at(601)), ElementsAre(1));
}

}  // namespace
}  // namespace cachemodel
