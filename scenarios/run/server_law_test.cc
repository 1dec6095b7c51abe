// What servers, their devices and the network between do to a whole run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/cluster/devices.h"
#include "scenarios/run/run_testing.h"
#include "stripe/server/disk_mechanics.h"

namespace scenarios {
namespace {

using testing::HasSubstr;
using Sets = std::vector<std::string>;

// One OST on flash; each phase opens the file, moves 1 MiB past every cache and closes it.
constexpr std::string_view kOneTransfer = R"({
  "name": "t",
  "cluster": {"osts": 1, "hardware": "nvme_2023"},
  "clients": [{"design": {"direct_io": true}, "workload": {"ior": "-w -r -t 1m -b 1m"}}],
  "layout": "-c 1 -S 1M"
})";

reports::PhaseResult one_transfer(std::string_view phase, const Sets& sets) {
  return phase_of(run_text(kOneTransfer, sets), phase);
}

std::int64_t stage(const reports::PhaseResult& phase, const std::string& name) {
  return stages_of(phase)[name];
}

std::string refusal_of_run(const Sets& sets) {
  const auto scenario = read(kOneTransfer, sets);
  if (!scenario) {
    return scenario.error().message;
  }
  const auto result = run_scenario(*scenario);
  return result.ok() ? "" : result.error().message;
}

// The MDS and the OSS are on one leaf, the client on the next.
double read_bandwidth_over_two_tiers(const std::string& oversubscription) {
  const std::string topology =
      R"({"two_tier": {"leaf_ports": 2, "oversubscription": ")" + oversubscription + R"("}})";
  const auto read = one_transfer(
      "read",
      {"cluster.overrides.client.nic_rate=1GB/s", "cluster.overrides.mds.node.nic_rate=1GB/s",
       "cluster.overrides.oss.node.nic_rate=1GB/s", "clients[0].workload.ior=-w -r -t 64m -b 64m",
       "cluster.overrides.fabric.topology=" + topology});
  return static_cast<double>(read.bytes) / read.time().seconds();
}

TEST(TwoTiers, UplinkCarriesItsLeafsInterfacesOverTheOversubscription) {
  const double even = read_bandwidth_over_two_tiers("1:1");
  EXPECT_GT(even, 0.9e9);
  EXPECT_LT(even, 1e9);
  EXPECT_NEAR(read_bandwidth_over_two_tiers("2:1") / even, 1, 0.01) << "1 GB/s is enough for one";
  EXPECT_NEAR(read_bandwidth_over_two_tiers("8:1"), 0.25e9, 0.01e9);
}

TEST(Disks, UnloadedTransferTakesWhatTheirMechanicsSay) {
  const Sets sets = {"cluster.hardware=hdd_2012", "cluster.overrides.oss.page_cache.enabled=false",
                     "cluster.overrides.ost_device.hdd_array.write_cache=0B"};
  const auto scenario = read(kOneTransfer, sets);
  ASSERT_TRUE(scenario.ok());
  const auto array =
      std::get<stripe::HddArrayParams>(device_params(scenario->cluster.hardware.ost_device));
  // A full stripe puts 128 KiB at the beginning of every drive, and leaves the heads behind it.
  const sim::Bytes share = 128 * sim::kKiB;
  const sim::Duration transfer = stripe::transfer_time(array.disk, {0, share});
  EXPECT_EQ(stage(one_transfer("write", sets), "device"), transfer.ns());
  EXPECT_EQ(stage(one_transfer("read", sets), "device"),
            (stripe::positioning_time(array.disk, share, 0) + transfer).ns());
}

TEST(Disks, StreamGoesAtTheRateOfTheDataDrives) {
  const Sets sets = {"cluster.hardware=hdd_2012", "cluster.overrides.oss.page_cache.enabled=false",
                     "cluster.overrides.ost_device.hdd_array.outer_rate=100MB/s",
                     "cluster.overrides.ost_device.hdd_array.inner_rate=100MB/s",
                     "clients[0].workload.ior=-w -r -t 64m -b 2g"};
  const auto result = run_text(kOneTransfer, sets);
  const auto read = phase_of(result, "read");
  const double bandwidth = static_cast<double>(read.bytes) / read.time().seconds();
  EXPECT_LT(bandwidth, 8 * 100e6);
  EXPECT_GT(bandwidth, 0.7 * 8 * 100e6);
}

// What syncing takes longer because the device's buffer is not stable.
sim::Duration sync_cost(Sets sets, const std::string& unstable) {
  sets.push_back("clients[0].design.direct_io=false");
  sets.push_back("clients[0].workload.ior=-w -e -t 1m -b 1m");
  const sim::Duration stable = one_transfer("write", sets).time();
  sets.push_back(unstable);
  return one_transfer("write", sets).time() - stable;
}

TEST(Sync, WaitsForADrivesVolatileBuffer) {
  EXPECT_EQ(sync_cost({}, "cluster.overrides.ost_device.nvme.flush_latency=700us"),
            sim::microseconds(700));
}

TEST(Sync, WaitsForAnArraysVolatileCache) {
  EXPECT_GT(sync_cost({"cluster.hardware=hdd_2012"},
                      "cluster.overrides.ost_device.hdd_array.write_cache_is_stable=false"),
            sim::Duration());
}

TEST(Checksums, TurnedOffCostNeitherSide) {
  const HardwareSpec h = read(kOneTransfer)->cluster.hardware;
  for (const char* phase : {"write", "read"}) {
    const auto with = one_transfer(phase, {});
    const auto without = one_transfer(phase, {"clients[0].design.checksums=false"});
    EXPECT_EQ(stage(with, "client_cpu") - stage(without, "client_cpu"),
              h.client.checksum_rate.time_for(sim::kMiB).ns());
    EXPECT_EQ(stage(with, "server_cpu") - stage(without, "server_cpu"),
              h.oss.node.checksum_rate.time_for(sim::kMiB).ns());
  }
}

TEST(Patience, OutlastsTheLongestTimeOutOfTheScenario) {
  const auto read = one_transfer(
      "read", {"clients[0].design.rpc_timeout=24h", "cluster.overrides.oss.cpu_per_io=6h"});
  EXPECT_EQ(read.bytes, sim::kMiB);
  EXPECT_GT(read.time(), sim::seconds(6 * 3600));
}

TEST(Pools, HoldTheFilesThatAskForThem) {
  const Sets sets = {"cluster.osts=3", "cluster.pools={\"fast\": [2]}", "layout=-c -1 -p fast"};
  const auto write = one_transfer("write", sets);
  ASSERT_TRUE(write.per_ost.has_value());
  EXPECT_EQ(write.per_ost->bytes.min, 0.0);
  EXPECT_EQ(write.per_ost->bytes.max, 1048576.0);
  EXPECT_EQ(write.per_ost->bytes.max_ost, 2u);
}

TEST(Layouts, ThatTheClusterCannotGiveAreRefusedBeforeTheRun) {
  EXPECT_THAT(refusal_of_run({"layout=-c 1 -p fast"}),
              HasSubstr("layout: component 1: there is no pool"));
  EXPECT_THAT(refusal_of_run({"clients[0].layout=-c 1 -i 99"}),
              HasSubstr("clients[0].layout: component 1: there is no OST 99"));
  EXPECT_EQ(refusal_of_run({"layout=-c 1 -i 0"}), "");
}

TEST(Mirrors, OfAFileFromBeforeTheRunHoldItsData) {
  const auto read =
      one_transfer("read", {"cluster.osts=2", "clients[0].workload.ior=-r -t 1m -b 1m",
                            "layout=-N -c 1 -i 0 -N -c 1 -i 1 --component-flags prefer"});
  EXPECT_EQ(read.bytes, sim::kMiB);
}

TEST(DataOnTheMdt, StandsOnADeviceAndCostsProcessorsOfItsOwn) {
  const Sets base = {"cluster.overrides.mdt_device.nvme.read_latency=50us",
                     "clients[0].workload.ior=-w -r -t 64k -b 64k",
                     "layout=-E 64K -L mdt -E -1 -c 1"};
  Sets slow = base;
  slow[0] = "cluster.overrides.mdt_device.nvme.read_latency=60us";
  Sets busy = base;
  busy.push_back("cluster.overrides.mds.cpu_per_io=30us");  // 10 us more
  const auto before = one_transfer("read", base);
  EXPECT_EQ(stage(one_transfer("read", slow), "device") - stage(before, "device"), 10'000);
  EXPECT_EQ(stage(one_transfer("read", busy), "server_cpu") - stage(before, "server_cpu"), 10'000);
}

}  // namespace
}  // namespace scenarios
