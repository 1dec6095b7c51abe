#include "stripe/server/oss_cache.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "sim/rng.h"

namespace stripe {
namespace {

using sim::Bytes;
using sim::Extent;
using sim::kKiB;
using sim::kMiB;

constexpr Bytes kPage = kKiB;  // of granules of 64 KiB
constexpr Bytes kGranule = 64 * kKiB;
constexpr ObjectId kA{1, 1};
constexpr ObjectId kB{1, 2};
constexpr Bytes kEnd = sim::kTiB;  // a size far behind everything

OssCacheParams of_size(Bytes size) {
  OssCacheParams params;
  params.size = size;
  params.granule = kGranule;
  return params;
}

std::vector<Extent> missing(OssCache& cache, ObjectId object, Extent range,
                            std::uint32_t store = 0) {
  ExtentList list;
  cache.look_up(store, object, range, list);
  return {list.begin(), list.end()};
}
using List = std::vector<Extent>;

TEST(OssCache, WhatWasKeptIsFoundAndNothingElse) {
  OssCache cache(of_size(kMiB));
  cache.keep(0, kA, {0, 4 * kPage}, kEnd);
  EXPECT_EQ(missing(cache, kA, {0, 4 * kPage}), List{});
  EXPECT_EQ(missing(cache, kA, {2 * kPage, 6 * kPage}), (List{{4 * kPage, 6 * kPage}}));
  EXPECT_EQ(missing(cache, kB, {0, kPage}), (List{{0, kPage}}));
  EXPECT_EQ(missing(cache, kA, {0, kPage}, 1), (List{{0, kPage}}));
}

TEST(OssCache, MissingIsWholePagesJoinedOverGranules) {
  OssCache cache(of_size(kMiB));
  EXPECT_EQ(missing(cache, kA, {100, kGranule + 100}), (List{{0, kGranule + kPage}}));
  cache.keep(0, kA, {kPage, 2 * kPage}, kEnd);
  EXPECT_EQ(missing(cache, kA, {0, 3 * kPage}), (List{{0, kPage}, {2 * kPage, 3 * kPage}}));
}

TEST(OssCache, PartOfAPageIsNotKept) {
  OssCache cache(of_size(kMiB));
  cache.keep(0, kA, {1, 3 * kPage - 1}, kEnd);
  EXPECT_EQ(cache.used(), kPage);
  EXPECT_EQ(missing(cache, kA, {kPage, 2 * kPage}), List{});
}

TEST(OssCache, LastPageOfAnObjectIsKeptWhole) {
  OssCache cache(of_size(kMiB));
  cache.keep(0, kA, {0, kPage + 1}, kPage + 2);
  EXPECT_EQ(cache.used(), kPage);
  cache.keep(0, kA, {0, kPage + 1}, kPage + 1);
  EXPECT_EQ(cache.used(), 2 * kPage);
}

TEST(OssCache, LeastRecentlyUsedGranuleGoesFirst) {
  OssCache cache(of_size(3 * kGranule));
  for (Bytes i = 0; i < 3; ++i) {
    cache.keep(0, kA, {i * kGranule, (i + 1) * kGranule}, kEnd);
  }
  EXPECT_EQ(missing(cache, kA, {0, kPage}), List{});  // the first is used again
  cache.keep(0, kB, {0, kPage}, kEnd);
  EXPECT_EQ(missing(cache, kA, {0, kPage}), List{});
  EXPECT_EQ(missing(cache, kA, {kGranule, kGranule + kPage}).size(), 1u);
  EXPECT_EQ(missing(cache, kA, {2 * kGranule, 2 * kGranule + kPage}), List{});
}

TEST(OssCache, HoldsExactlyItsSize) {
  OssCache cache(of_size(2 * kGranule));
  cache.keep(0, kA, {0, 2 * kGranule}, kEnd);
  EXPECT_EQ(cache.used(), 2 * kGranule);
  cache.keep(0, kA, {2 * kGranule, 2 * kGranule + kPage}, kEnd);
  EXPECT_EQ(cache.used(), kGranule + kPage);
  OssCache none(of_size(0));
  none.keep(0, kA, {0, kGranule}, kEnd);
  EXPECT_EQ(none.used(), 0u);
}

TEST(OssCache, DropTakesTheTouchedPagesAndNoOthers) {
  OssCache cache(of_size(kMiB));
  cache.keep(0, kA, {0, 2 * kGranule}, kEnd);
  cache.keep(0, kB, {0, kGranule}, kEnd);
  cache.drop(0, kA, {kGranule - 1, kGranule + 1});
  EXPECT_EQ(missing(cache, kA, {0, 2 * kGranule}), (List{{kGranule - kPage, kGranule + kPage}}));
  EXPECT_EQ(missing(cache, kB, {0, kGranule}), List{});
}

TEST(OssCache, DropOfAHugeSparseRangeIsTheSame) {
  OssCache cache(of_size(kMiB));
  cache.keep(0, kA, {0, 2 * kGranule}, kEnd);
  cache.keep(0, kB, {0, kGranule}, kEnd);
  cache.drop(0, kA, {kPage, kEnd});
  EXPECT_EQ(missing(cache, kA, {0, 2 * kGranule}), (List{{kPage, 2 * kGranule}}));
  EXPECT_EQ(missing(cache, kB, {0, kGranule}), List{});
  EXPECT_EQ(cache.used(), kPage + kGranule);
}

TEST(OssCache, HitsAndMissesAddUpToWhatWasAskedFor) {
  OssCache cache(of_size(kMiB));
  cache.keep(0, kA, {0, 3 * kPage}, kEnd);
  missing(cache, kA, {0, 10 * kPage});
  EXPECT_EQ(cache.hit_bytes(), 3 * kPage);
  EXPECT_EQ(cache.missed_bytes(), 7 * kPage);
}

TEST(OssCache, LargeEnoughCacheIsASetOfPages) {
  OssCache cache(of_size(64 * kMiB));
  std::set<std::pair<std::uint64_t, Bytes>> pages;
  sim::Rng rng = sim::Rng(6).split("pages");
  for (int i = 0; i < 2000; ++i) {
    const std::uint64_t oid = rng.below(3);
    const Bytes begin = rng.below(500);
    const Bytes end = begin + 1 + rng.below(200);
    const Extent range{begin * kPage, end * kPage};
    if (rng.chance(1, 2)) {
      cache.keep(0, {1, oid}, range, kEnd);
    } else {
      cache.drop(0, {1, oid}, range);
    }
    for (Bytes page = begin; page < end; ++page) {
      pages.erase({oid, page});
    }
    if (missing(cache, {1, oid}, range).empty()) {
      for (Bytes page = begin; page < end; ++page) {
        pages.insert({oid, page});
      }
    }
    ASSERT_EQ(cache.used(), pages.size() * kPage);
  }
}

TEST(OssCache, GranuleMustBeAPowerOfTwoWithinBounds) {
  OssCacheParams params = of_size(kMiB);
  EXPECT_TRUE(check_oss_cache(params).ok());
  params.granule = 32 * kKiB;
  EXPECT_FALSE(check_oss_cache(params).ok());
  params.granule = 96 * kKiB;
  EXPECT_FALSE(check_oss_cache(params).ok());
  params.granule = 64 * kMiB;
  EXPECT_TRUE(check_oss_cache(params).ok());
  params.granule = 128 * kMiB;
  EXPECT_FALSE(check_oss_cache(params).ok());
}

}  // namespace
}  // namespace stripe
