// Many clients and one narrow place: the rate is that place's, and it is named.
#include <gtest/gtest.h>

#include "scenarios/run/run_testing.h"

namespace scenarios {
namespace {

// Sixteen clients with four ranks each, which move 1 MiB at a time past every cache. So many
// because ranks served in turns fall into step: all wait while the first of the next round is
// prepared, and a long round makes that small.
constexpr std::string_view kCrowd = R"({
  "name": "t",
  "cluster": {"osts": 4, "oss": 1, "hardware": "nvme_2023"},
  "clients": [{"count": 16, "tasks_per_node": 4, "design": {"direct_io": true},
               "workload": {"ior": "-w -r -F -t 1m -b 32m"}}],
  "layout": "-c 1 -S 1M"
})";

// Within 1 % below `rate`, and never above it.
void expect_rate(const reports::PhaseResult& phase, double rate, std::string_view limit) {
  const double reached = reports::bandwidth(phase.bytes, phase.time());
  EXPECT_GE(reached, 0.99 * rate) << phase.name;
  EXPECT_LE(reached, rate) << phase.name;
  EXPECT_EQ(phase.limit.kind, reports::Limit::Kind::resource) << phase.name;
  EXPECT_EQ(phase.limit.name, limit) << phase.name;
}

TEST(Saturation, SlowServerInterfaceSetsTheRateBothWays) {
  const std::vector<std::string> sets = {"cluster.overrides.oss.node.nic_rate=1GB/s"};
  const reports::Result result = run_text(kCrowd, sets);
  expect_rate(phase_of(result, "write"), 1e9, "oss0.rx");
  expect_rate(phase_of(result, "read"), 1e9, "oss0.tx");
}

TEST(Saturation, SlowDeviceSetsTheRateOfItsDirection) {
  const std::vector<std::string> sets = {"cluster.osts=1",
                                         "cluster.overrides.ost_device.nvme.write_rate=800MB/s",
                                         "cluster.overrides.ost_device.nvme.read_rate=1GB/s"};
  const reports::Result result = run_text(kCrowd, sets);
  expect_rate(phase_of(result, "write"), 8e8, "ost0.pipe");
  expect_rate(phase_of(result, "read"), 1e9, "ost0.pipe");
}

TEST(Conservation, DirectBytesCrossTheNetworkOnceAndFallOnTheOstsEvenly) {
  const std::vector<std::string> sets = {"layout=-c 4 -S 1M"};
  const reports::Result result = run_text(kCrowd, sets);
  for (const std::string_view name : {"write", "read"}) {
    const reports::PhaseResult phase = phase_of(result, name);
    EXPECT_EQ(phase.bytes, 64 * 32 * sim::kMiB);
    EXPECT_EQ(phase.bulk_bytes, phase.bytes);
    EXPECT_EQ(phase.over_fetched_bytes, 0u);
    ASSERT_TRUE(phase.per_ost.has_value());
    EXPECT_EQ(phase.per_ost->bytes.min, static_cast<double>(phase.bytes) / 4);
    EXPECT_EQ(phase.per_ost->bytes.max, static_cast<double>(phase.bytes) / 4);
  }
}

}  // namespace
}  // namespace scenarios
