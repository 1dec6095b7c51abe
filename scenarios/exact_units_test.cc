#include "scenarios/exact_units.h"

#include <gtest/gtest.h>

#include "sim/rng.h"

namespace scenarios {
namespace {

TEST(ExactUnits, LargestWholeUnitIsUsed) {
  EXPECT_EQ(exact_bytes(4 * sim::kMiB), "4MiB");
  EXPECT_EQ(exact_bytes(47008), "47008B");
  EXPECT_EQ(exact_bytes(4'000'000'000'000), "4TB");
  EXPECT_EQ(exact_bytes(0), "0B");
  EXPECT_EQ(exact_duration(sim::microseconds(1500)), "1500us");
  EXPECT_EQ(exact_duration(sim::seconds(60)), "1min");
  EXPECT_EQ(exact_rate(sim::Rate(25'000'000'000)), "25GB/s");
  EXPECT_EQ(exact_rate(sim::Rate()), "unlimited");
}

TEST(ExactUnits, ReadingWhatWasPrintedGivesTheSameQuantity) {
  sim::Rng rng(1);
  for (int i = 0; i < 2000; ++i) {
    const std::uint64_t n = rng.next() >> rng.below(60);
    EXPECT_EQ(*sim::parse_bytes(exact_bytes(n)), n);
    const sim::Duration d(static_cast<std::int64_t>(n >> 1));
    EXPECT_EQ(*sim::parse_duration(exact_duration(d)), d);
    const sim::Rate r((n >> 1) + 1);
    EXPECT_EQ(*sim::parse_rate(exact_rate(r)), r);
  }
}

}  // namespace
}  // namespace scenarios
