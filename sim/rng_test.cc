#include "sim/rng.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <set>
#include <vector>

namespace sim {
namespace {

template <std::size_t N>
std::array<std::uint64_t, N> draws(Rng rng) {
  std::array<std::uint64_t, N> out{};
  for (std::uint64_t& value : out) {
    value = rng.next();
  }
  return out;
}

// Computed from the authors' description by a separate program; those of seed 0 are also the
// published vector of the Rust crate rand_xoshiro.
TEST(Rng, FirstOutputsAreThoseOfXoshiro256PlusPlusSeededBySplitmix64) {
  EXPECT_EQ(draws<5>(Rng(0)), (std::array<std::uint64_t, 5>{
                                  5987356902031041503u, 7051070477665621255u, 6633766593972829180u,
                                  211316841551650330u, 9136120204379184874u}));
  EXPECT_EQ(draws<5>(Rng(42)),
            (std::array<std::uint64_t, 5>{15021278609987233951u, 5881210131331364753u,
                                          18149643915985481100u, 12933668939759105464u,
                                          14637574242682825331u}));
}

TEST(Rng, CopyContinuesTheSameSequence) {
  Rng rng(7);
  rng.next();
  EXPECT_EQ(draws<8>(rng), draws<8>(rng));
}

TEST(RngSplit, AddingAConsumerChangesNoOther) {
  Rng alone(9);
  const auto before = draws<16>(alone.split("disk", 3));
  Rng shared(9);
  Rng other = shared.split("network");
  other.next();
  shared.next();
  EXPECT_EQ(draws<16>(shared.split("disk", 3)), before);
}

TEST(RngSplit, DoesNotAdvanceTheGeneratorItIsTakenFrom) {
  Rng rng(9);
  const auto expected = draws<4>(rng);
  const Rng child = rng.split("child");
  EXPECT_EQ(draws<4>(rng), expected);
  EXPECT_NE(draws<4>(child), expected);
}

TEST(RngSplit, NamesIndexesAndSeedsAllGiveDifferentStreams) {
  std::set<std::array<std::uint64_t, 2>> streams;
  std::size_t made = 0;
  for (const std::uint64_t seed : {0u, 1u, 2u}) {
    for (const char* name : {"", "a", "b", "ab", "ba", "aa", "client", "client0"}) {
      for (std::uint64_t index = 0; index < 100; ++index) {
        streams.insert(draws<2>(Rng(seed).split(name, index)));
        ++made;
      }
    }
  }
  EXPECT_EQ(streams.size(), made);
}

TEST(RngSplit, GrandchildrenDependOnTheWholePath) {
  const Rng root(5);
  EXPECT_NE(draws<2>(root.split("a").split("b")), draws<2>(root.split("b").split("a")));
  EXPECT_NE(draws<2>(root.split("a").split("b")), draws<2>(root.split("ab")));
}

TEST(RngSplit, NeighbouringStreamsShareHalfTheirBits) {
  const Rng root(11);
  int differing = 0;
  for (std::uint64_t index = 0; index < 1000; ++index) {
    const std::uint64_t a = root.split("node", index).next();
    const std::uint64_t b = root.split("node", index + 1).next();
    differing += __builtin_popcountll(a ^ b);
  }
  // 64000 fair bits: the standard deviation is 126; five of them on either side.
  EXPECT_NEAR(differing, 32000, 630);
}

// Pearson's statistic of `counts` against equal shares.
double chi_square(const std::vector<int>& counts, int total) {
  const double expected = static_cast<double>(total) / static_cast<double>(counts.size());
  double sum = 0;
  for (const int count : counts) {
    sum += (count - expected) * (count - expected) / expected;
  }
  return sum;
}

TEST(RngBelow, EveryValueIsEquallyLikely) {
  for (const std::size_t bound : {2u, 3u, 7u, 10u, 100u}) {
    Rng rng = Rng(1).split("chi", bound);
    std::vector<int> counts(bound);
    constexpr int kTotal = 100000;
    for (int i = 0; i < kTotal; ++i) {
      ++counts[rng.below(bound)];
    }
    // Mean k, deviation sqrt(2k) for k degrees of freedom; five deviations are allowed.
    const auto freedom = static_cast<double>(bound - 1);
    EXPECT_LT(chi_square(counts, kTotal), freedom + 5 * std::sqrt(2 * freedom)) << bound;
  }
}

// With bound 3 * 2^62 a multiply without rejection gives each third value twice the others' share.
TEST(RngBelow, LargeBoundIsUnbiasedToo) {
  constexpr std::uint64_t kBound = std::uint64_t{3} << 62;
  Rng rng(2);
  std::vector<int> counts(3);
  constexpr int kTotal = 90000;
  for (int i = 0; i < kTotal; ++i) {
    const std::uint64_t value = rng.below(kBound);
    ASSERT_LT(value, kBound);
    ++counts[value % 3];
  }
  EXPECT_LT(chi_square(counts, kTotal), 12);
}

TEST(RngBelow, OneIsAlwaysZeroAndTheLargestBoundWorks) {
  Rng rng(3);
  EXPECT_EQ(rng.below(1), 0u);
  EXPECT_LT(rng.below(~std::uint64_t{0}), ~std::uint64_t{0});
}

TEST(RngBelowDeathTest, ZeroIsABrokenInvariant) {
  Rng rng(3);
  EXPECT_DEATH(rng.below(0), "bound of at least 1");
}

TEST(RngUniform, StaysInTheHalfOpenUnitIntervalWithMeanOneHalf) {
  Rng rng(4);
  double sum = 0;
  for (int i = 0; i < 100000; ++i) {
    const double u = rng.uniform();
    ASSERT_GE(u, 0.0);
    ASSERT_LT(u, 1.0);
    sum += u;
  }
  EXPECT_NEAR(sum / 100000, 0.5, 0.005);
}

TEST(RngChance, ZeroNeverAndOneAlways) {
  Rng rng(5);
  int hits = 0;
  for (int i = 0; i < 1000; ++i) {
    EXPECT_FALSE(rng.chance(0, 10));
    EXPECT_TRUE(rng.chance(10, 10));
    hits += rng.chance(1, 4) ? 1 : 0;
  }
  EXPECT_NEAR(hits, 250, 70);
}

TEST(RngExponential, HasItsMeanAndIsNeverNegative) {
  Rng rng(6);
  std::int64_t sum = 0;
  for (int i = 0; i < 100000; ++i) {
    const Duration d = rng.exponential(microseconds(10));
    ASSERT_GE(d, Duration());
    sum += d.ns();
  }
  EXPECT_NEAR(static_cast<double>(sum) / 100000, 10000, 160);
  EXPECT_EQ(rng.exponential(Duration()), Duration());
}

}  // namespace
}  // namespace sim
