#include "cachemodel/history/tally.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace cachemodel {
namespace {

using Counted = std::vector<std::pair<std::uint64_t, std::int64_t>>;  // blocks of one age

Hit hit(std::uint32_t read, sim::Bytes begin, sim::Bytes end, std::int64_t age) {
  return {read, {begin, end}, sim::Duration(age), 0, 0};
}

Counted count(std::vector<Hit> hits) {
  Counted counted;
  count_blocks(hits, [&](std::uint32_t, std::uint64_t blocks, sim::Duration age) {
    counted.emplace_back(blocks, age.ns());
  });
  std::ranges::sort(counted);
  return counted;
}

TEST(Tally, ARangeTouchesTheBlocksOfItsFirstAndLastByte) {
  EXPECT_EQ(blocks_of({0, 0}), 0u);
  EXPECT_EQ(blocks_of({0, 1}), 1u);
  EXPECT_EQ(blocks_of({0, kBlock}), 1u);
  EXPECT_EQ(blocks_of({0, kBlock + 1}), 2u);
  EXPECT_EQ(blocks_of({kBlock - 1, kBlock + 1}), 2u);
  EXPECT_EQ(blocks_of({0, sim::kEof}), sim::kEof / kBlock + 1);
}

TEST(Tally, DistinctBlocksOfOverlappingAndNestedRanges) {
  EXPECT_EQ(distinct_blocks({}), 0u);
  EXPECT_EQ(distinct_blocks({{0, 10 * kBlock}, {2 * kBlock, 3 * kBlock}}), 10u);
  EXPECT_EQ(distinct_blocks({{9, 10}, {10, 11}, {kBlock, kBlock + 1}}), 2u);
  EXPECT_EQ(distinct_blocks({{5 * kBlock, 6 * kBlock}, {0, kBlock}}), 2u);
}

TEST(Tally, BlocksOfDifferentReadsAreDifferent) {
  EXPECT_EQ(count({hit(0, 0, kBlock, 5), hit(1, 0, kBlock, 5)}), (Counted{{1, 5}, {1, 5}}));
}

TEST(Tally, ASharedBlockCountsOnceWithItsGreatestAge) {
  EXPECT_EQ(count({hit(0, 0, 10, 5), hit(0, 10, 20, 9), hit(0, 20, 30, 7)}), (Counted{{1, 9}}));
  // Blocks 0 to 2, block 3 that both touch, block 4, and the last one.
  EXPECT_EQ(count({hit(0, 0, 3 * kBlock + 1, 5), hit(0, 3 * kBlock + 1, 6 * kBlock, 2)}),
            (Counted{{1, 2}, {1, 2}, {1, 5}, {3, 5}}));
}

}  // namespace
}  // namespace cachemodel
