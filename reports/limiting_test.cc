#include "reports/limiting.h"

#include <gtest/gtest.h>

#include <cmath>

namespace reports {
namespace {

const std::vector<StageTime> kStages = {{"fabric", sim::milliseconds(1)},
                                        {"device", sim::milliseconds(3)}};

TEST(Limiting, ResourceNinetyPercentBusyLimits) {
  const std::vector<ResourceUse> resources = {{"cpu", "cpu", 0.5, 0}, {"nic", "nic", 0.9, 0}};
  const Limit limit = find_limit(resources, kStages);
  EXPECT_EQ(limit.kind, Limit::Kind::resource);
  EXPECT_EQ(limit.name, "nic");
  EXPECT_EQ(limit.share, 0.9);
}

TEST(Limiting, ResourceJustBelowNinetyPercentDoesNot) {
  const std::vector<ResourceUse> resources = {{"nic", "nic", std::nextafter(0.9, 0.0), 0}};
  const Limit limit = find_limit(resources, kStages);
  EXPECT_EQ(limit.kind, Limit::Kind::latency_bound);
  EXPECT_EQ(limit.name, "device");
  EXPECT_EQ(limit.share, 0.75);
}

TEST(Limiting, BusiestOfSeveralBusyOnesLimits) {
  const std::vector<ResourceUse> resources = {{"a", "nic", 0.92, 0}, {"b", "nic", 0.97, 0}};
  EXPECT_EQ(find_limit(resources, kStages).name, "b");
}

TEST(Limiting, FirstListedWinsAmongEquals) {
  const std::vector<ResourceUse> resources = {{"a", "nic", 0.95, 0}, {"b", "nic", 0.95, 0}};
  EXPECT_EQ(find_limit(resources, kStages).name, "a");
  const std::vector<StageTime> even = {{"x", sim::milliseconds(1)}, {"y", sim::milliseconds(1)}};
  EXPECT_EQ(find_limit({}, even).name, "x");
}

TEST(Limiting, NothingMeasuredIsUnknown) {
  EXPECT_EQ(find_limit({}, {}).kind, Limit::Kind::unknown);
  const std::vector<StageTime> zero = {{"device", sim::Duration()}};
  EXPECT_EQ(find_limit({}, zero).kind, Limit::Kind::unknown);
}

}  // namespace
}  // namespace reports
