#include "scenarios/workload/permutation.h"

#include <gtest/gtest.h>

#include <vector>

namespace scenarios {
namespace {

TEST(Permutation, EveryPositionIsTakenOnce) {
  for (std::uint64_t n = 1; n <= 300; ++n) {
    const Permutation order(n, sim::Rng(n));
    std::vector<int> taken(n, 0);
    for (std::uint64_t i = 0; i < n; ++i) {
      ASSERT_LT(order(i), n);
      ++taken[order(i)];
    }
    EXPECT_EQ(taken, std::vector<int>(n, 1)) << n;
  }
}

TEST(Permutation, SeedDecidesTheOrder) {
  const Permutation a(1000, sim::Rng(1));
  const Permutation same(1000, sim::Rng(1));
  const Permutation other(1000, sim::Rng(2));
  int moved = 0;
  int kept = 0;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    EXPECT_EQ(a(i), same(i));
    moved += a(i) != other(i) ? 1 : 0;
    kept += a(i) == i ? 1 : 0;
  }
  EXPECT_GT(moved, 950);
  EXPECT_LT(kept, 20);
}

TEST(Permutation, LargeDomainStaysInside) {
  const std::uint64_t n = (std::uint64_t{1} << 57) + 1;
  const Permutation order(n, sim::Rng(3));
  EXPECT_LT(order(0), n);
  EXPECT_LT(order(n - 1), n);
  EXPECT_NE(order(0), order(n - 1));
}

}  // namespace
}  // namespace scenarios
