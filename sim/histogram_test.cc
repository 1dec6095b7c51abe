#include "sim/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "sim/rng.h"

namespace sim {
namespace {

constexpr std::uint32_t kRanks[] = {0,      1,      500,    250000, 500000,
                                    900000, 990000, 999000, 999999, 1000000};

Histogram of(const std::vector<std::int64_t>& values) {
  Histogram h;
  for (const std::int64_t v : values) {
    h.record(Duration(v));
  }
  return h;
}

// The definition: the smallest value that at least the given share of all do not exceed.
std::int64_t exact_percentile(const std::vector<std::int64_t>& sorted, std::uint32_t per_million) {
  const std::uint64_t rank = (sorted.size() * std::uint64_t{per_million} + 999999) / 1000000;
  return sorted[std::max<std::uint64_t>(rank, 1) - 1];
}

// Values of every magnitude up to 2^50.
std::vector<std::int64_t> mixed_values(std::uint64_t seed, std::size_t n) {
  Rng rng(seed);
  std::vector<std::int64_t> values(n);
  std::ranges::generate(values, [&] {
    return static_cast<std::int64_t>(rng.below(std::uint64_t{1} << (1 + rng.below(50))));
  });
  return values;
}

void expect_same(const Histogram& a, const Histogram& b) {
  EXPECT_EQ(a.count(), b.count());
  EXPECT_EQ(a.sum(), b.sum());
  EXPECT_EQ(a.min(), b.min());
  EXPECT_EQ(a.max(), b.max());
  for (std::uint32_t p = 0; p <= 1000000; p += 500) {
    ASSERT_EQ(a.percentile(p), b.percentile(p)) << p;
  }
}

TEST(Histogram, EmptyIsZeroThroughout) { expect_same(Histogram(), of({})); }

TEST(Histogram, EmptyHasNoValues) {
  EXPECT_EQ(Histogram().count(), 0u);
  EXPECT_EQ(Histogram().min(), Duration());
  EXPECT_EQ(Histogram().max(), Duration());
  EXPECT_EQ(Histogram().mean(), Duration());
  EXPECT_EQ(Histogram().percentile(500000), Duration());
}

TEST(Histogram, Below128NanosecondsEveryPercentileIsExact) {
  std::vector<std::int64_t> values;
  for (std::int64_t v = 0; v < 128; ++v) {
    values.push_back(v);
  }
  const Histogram h = of(values);
  for (std::uint32_t p = 0; p <= 1000000; p += 100) {
    ASSERT_EQ(h.percentile(p).ns(), exact_percentile(values, p)) << p;
  }
}

TEST(Histogram, APercentileIsNeverLowAndAtMostA64thHigh) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    std::vector<std::int64_t> values = mixed_values(seed, 3000);
    const Histogram h = of(values);
    std::ranges::sort(values);
    for (const std::uint32_t p : kRanks) {
      const std::int64_t exact = exact_percentile(values, p);
      ASSERT_GE(h.percentile(p).ns(), exact) << p;
      ASSERT_LE(h.percentile(p).ns(), exact + exact / 64) << p;
    }
  }
}

TEST(Histogram, TheBoundHoldsAroundEveryPowerOfTwo) {
  for (int bit = 7; bit < 62; ++bit) {
    for (const std::int64_t off : {-1, 0, 1}) {
      const std::int64_t v = (std::int64_t{1} << bit) + off;
      const std::int64_t p = of({v, 2 * (v - 1)}).percentile(500000).ns();
      ASSERT_GE(p, v);
      ASSERT_LE(p, v + v / 64);
    }
  }
}

TEST(Histogram, TheLargestDurationCanBeRecorded) {
  Histogram h;
  h.record(Duration::max());
  EXPECT_EQ(h.percentile(1000000), Duration::max());
}

TEST(Histogram, PercentilesNeverFallAndEndAtTheMaximum) {
  const Histogram h = of(mixed_values(5, 2000));
  Duration last;
  for (std::uint32_t p = 0; p <= 1000000; p += 100) {
    ASSERT_GE(h.percentile(p), last);
    last = h.percentile(p);
  }
  EXPECT_EQ(last, h.max());
}

TEST(Histogram, SumMeanAndExtremesAreExact) {
  const Histogram h = of({1000003, 7, 999999999999});
  EXPECT_EQ(h.sum().ns(), 1000001000009);
  EXPECT_EQ(h.mean().ns(), 1000001000009 / 3);
  EXPECT_EQ(h.min().ns(), 7);
  EXPECT_EQ(h.max().ns(), 999999999999);
}

TEST(Histogram, MergingEqualsRecordingEverythingInOne) {
  const auto a = mixed_values(1, 1000);
  auto b = mixed_values(2, 500);
  b.push_back(std::int64_t{1} << 55);
  std::vector<std::int64_t> both = a;
  both.insert(both.end(), b.begin(), b.end());
  Histogram ab = of(a);
  ab.merge(of(b));
  Histogram ba = of(b);
  ba.merge(of(a));
  expect_same(ab, of(both));
  expect_same(ba, of(both));
}

TEST(Histogram, MergingAnEmptyOneChangesNothing) {
  const auto a = mixed_values(1, 1000);
  Histogram h = of(a);
  h.merge(Histogram());
  expect_same(h, of(a));
  Histogram empty;
  empty.merge(of(a));
  expect_same(empty, of(a));
}

TEST(Histogram, RecordingManyAtOnceEqualsRecordingEach) {
  Histogram each;
  for (int i = 0; i < 1000; ++i) {
    each.record(Duration(77));
  }
  Histogram at_once;
  at_once.record(Duration(5), 0);
  at_once.record(Duration(77), 1000);
  expect_same(at_once, each);
}

TEST(Histogram, TheSumStaysAtItsMaximum) {
  Histogram h;
  h.record(Duration::max(), 3);
  EXPECT_EQ(h.sum(), Duration::max());
  EXPECT_EQ(h.count(), 3u);
}

TEST(HistogramDeathTest, ANegativeDurationIsRefused) {
  Histogram h;
  h.record(Duration(0));
  EXPECT_DEATH(h.record(Duration(-1)), "negative");
}

}  // namespace
}  // namespace sim
