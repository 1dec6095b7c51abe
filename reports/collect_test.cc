#include "reports/collect.h"

#include <gtest/gtest.h>

namespace reports {
namespace {

TEST(Collect, SummaryOfSmallLatenciesIsExact) {
  sim::Histogram h;
  for (int ns = 1; ns <= 100; ++ns) {
    h.record(sim::nanoseconds(ns));
  }
  const LatencySummary s = summarize("read", h);
  EXPECT_EQ(s.op, "read");
  EXPECT_EQ(s.count, 100u);
  EXPECT_EQ(s.min.ns(), 1);
  EXPECT_EQ(s.mean.ns(), 50);
  EXPECT_EQ(s.p50.ns(), 50);
  EXPECT_EQ(s.p90.ns(), 90);
  EXPECT_EQ(s.p99.ns(), 99);
  EXPECT_EQ(s.p99_9.ns(), 100);
  EXPECT_EQ(s.max.ns(), 100);
}

TEST(Collect, StagesKeepTheirOrderAndZeroOnesAreLeftOut) {
  sim::StageTimes times{};
  sim::at(times, sim::Stage::device) = sim::nanoseconds(7);
  sim::at(times, sim::Stage::lock) = sim::nanoseconds(3);
  const auto list = stage_times(times, "gateway.");
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0].stage, "gateway.lock");
  EXPECT_EQ(list[1].stage, "gateway.device");
  EXPECT_EQ(list[1].time.ns(), 7);
}

TEST(Collect, RangeNamesTheLowestIndexAmongEquals) {
  const OstRange r = ost_range({3, 1, 1, 3});
  EXPECT_EQ(r.min, 1);
  EXPECT_EQ(r.min_ost, 1u);
  EXPECT_EQ(r.max, 3);
  EXPECT_EQ(r.max_ost, 0u);
  EXPECT_EQ(ost_range({}).max, 0);
}

}  // namespace
}  // namespace reports
