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

// Within 1 % below `rate` (or as far as `least` says), and never above it.
void expect_rate(const reports::PhaseResult& phase, double rate, std::string_view limit,
                 double least = 0.99) {
  const double reached = reports::bandwidth(phase.bytes, phase.time());
  EXPECT_GE(reached, least * rate) << phase.name;
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

// Nothing but the work of each request asks for the one core.
TEST(Saturation, SlowProcessorSetsTheRate) {
  const std::vector<std::string> sets = {"cluster.overrides.oss.node.cores=1",
                                         "cluster.overrides.oss.node.cpu_per_message=0us",
                                         "cluster.overrides.oss.node.copy_rate=unlimited",
                                         "cluster.overrides.oss.node.checksum_rate=unlimited",
                                         "cluster.overrides.oss.cpu_per_io=1ms",
                                         "cluster.overrides.oss.cpu_per_object=0us"};
  const reports::Result result = run_text(kCrowd, sets);
  const double rate = static_cast<double>(sim::kMiB) * 1000;
  expect_rate(phase_of(result, "write"), rate, "oss0.cpu");
  // A read comes back to the processor with its data and queues again, so that ranks end at
  // different times.
  expect_rate(phase_of(result, "read"), rate, "oss0.cpu", 0.95);
}

// A thread is held for as long as its request is served: 10 ms by the device, and little else.
TEST(Saturation, FewThreadsSetTheRate) {
  const std::vector<std::string> sets = {"cluster.osts=1", "cluster.overrides.oss.io_threads=2",
                                         "cluster.overrides.ost_device.nvme.read_latency=10ms",
                                         "clients[0].workload.ior=-w -r -F -t 1m -b 8m"};
  const reports::PhaseResult read = phase_of(run_text(kCrowd, sets), "read");
  const double most = 2 * 100 * static_cast<double>(sim::kMiB);
  const double reached = reports::bandwidth(read.bytes, read.time());
  EXPECT_LE(reached, most);
  EXPECT_GE(reached, 0.95 * most);
  EXPECT_EQ(read.limit.name, "oss0.io");
}

// Of two nodes on each leaf switch one is the server: what it sends and takes in passes the uplink.
TEST(Saturation, OversubscribedUplinkSetsTheRateBothWays) {
  std::vector<std::string> sets = {
      R"(cluster.overrides.fabric.topology={"two_tier": {"leaf_ports": 2,
                                                         "oversubscription": "25:1"}})"};
  for (const char* node : {"client", "oss.node", "mds.node"}) {
    sets.push_back(std::string("cluster.overrides.") + node + ".nic_rate=12500MB/s");
  }
  const reports::Result result = run_text(kCrowd, sets);
  expect_rate(phase_of(result, "write"), 1e9, "leaf0.down");
  expect_rate(phase_of(result, "read"), 1e9, "leaf0.up");
}

// Disks that read and write in long runs: no faster than all of them on their outermost track.
TEST(Saturation, SlowDisksAreNamedAsTheLimit) {
  const std::vector<std::string> sets = {"cluster.osts=1", "cluster.hardware=hdd_2012",
                                         "clients[0].count=4", "clients[0].tasks_per_node=1",
                                         "cluster.overrides.oss.page_cache.enabled=false"};
  const auto scenario = read(kCrowd, sets);
  ASSERT_TRUE(scenario.ok());
  const auto& array = std::get<HddArraySpec>(scenario->cluster.hardware.ost_device);
  const double most = static_cast<double>(array.outer_rate.bytes_per_second() * array.data_disks);
  const reports::PhaseResult phase = phase_of(run_text(kCrowd, sets), "read");
  EXPECT_EQ(phase.limit.kind, reports::Limit::Kind::resource);
  EXPECT_TRUE(phase.limit.name.starts_with("ost0.")) << phase.limit.name;
  EXPECT_LE(reports::bandwidth(phase.bytes, phase.time()), most);
}

// Several ranks wait in the interface at a time, and one is served.
TEST(Saturation, QueueOfABusyInterfaceIsReported) {
  const std::vector<std::string> sets = {"cluster.overrides.oss.node.nic_rate=1GB/s"};
  const reports::PhaseResult phase = phase_of(run_text(kCrowd, sets), "read");
  for (const reports::ResourceUse& use : phase.resources) {
    if (use.name == "oss0.tx") {
      EXPECT_GT(use.mean_queue, 10.0);
      EXPECT_LT(use.mean_queue, 64.0) << "no more than there are ranks";
      return;
    }
  }
  ADD_FAILURE() << "oss0.tx is not among the resources";
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
