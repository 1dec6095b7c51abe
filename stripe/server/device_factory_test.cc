#include "stripe/server/device_factory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "stripe/server/device_testing.h"

namespace stripe {
namespace {

using sim::kMiB;
using testing::HasSubstr;

TEST(DeviceFactory, MakesEachModelByItsParameters) {
  sim::Loop loop(1);
  const auto capacity_of = [&](const DeviceParams& params) {
    return make_device(loop, "d", params).value()->capacity();
  };
  EXPECT_EQ(capacity_of(NullDeviceParams{123 * kMiB}), 123 * kMiB);
  EXPECT_EQ(capacity_of(NvmeParams{}), 7'680'000'000'000u);
  // Eight drives of 1 TB, in whole chunks.
  EXPECT_EQ(capacity_of(HddArrayParams{}), 1'000'000'000'000 / (128 * 1024) * kMiB);
}

TEST(DeviceFactory, RefusalNamesDeviceParameterAndWhatWouldDo) {
  sim::Loop loop(1);
  HddArrayParams params;
  params.raid.failed_disks = 3;
  const auto device = make_device(loop, "ost7", params);
  ASSERT_FALSE(device.ok());
  EXPECT_EQ(device.code(), sim::Errc::invalid_argument);
  EXPECT_THAT(device.error().message, HasSubstr("ost7"));
  EXPECT_THAT(device.error().message, HasSubstr("raid.failed_disks is 3"));
  EXPECT_THAT(device.error().message, HasSubstr("at most raid.parity_disks"));
}

TEST(DeviceFactory, BoundsOfParametersAreInclusive) {
  HddArrayParams params;
  params.raid.failed_disks = 2;
  params.queue.rebuild_percent = 99;
  params.queue.depth = 1;
  EXPECT_TRUE(check_device(params).ok());
  params.queue.rebuild_percent = 100;
  EXPECT_FALSE(check_device(params).ok());
  params.queue.rebuild_percent = 0;
  params.queue.depth = 0;
  EXPECT_FALSE(check_device(params).ok());
  NvmeParams nvme;
  nvme.channels = 0;
  EXPECT_FALSE(check_device(nvme).ok());
  nvme.channels = 1;
  nvme.read_latency = sim::Duration(-1);
  EXPECT_FALSE(check_device(nvme).ok());
}

TEST(DeviceFactory, DriveWithoutARateIsRefused) {
  HddArrayParams params;
  params.disk.inner_rate = sim::Rate();
  EXPECT_FALSE(check_device(params).ok());
  params.disk.inner_rate = sim::Rate(2);
  params.disk.outer_rate = sim::Rate(1);
  EXPECT_FALSE(check_device(params).ok());
}

TEST(NullDevice, VisitsTakeNoTimeAndNoEvent) {
  sim::Loop loop(1);
  const auto device = make_device(loop, "null", NullDeviceParams{}).value();
  Visits visits(loop, *device);
  visits.read(0, kMiB);
  const std::uint64_t before = loop.events();
  visits.run();
  EXPECT_EQ(visits.last_end(), sim::TimePoint());
  EXPECT_EQ(loop.events() - before, 1u);  // the task's own start
  EXPECT_FALSE(device->takes_time());
  EXPECT_TRUE(device->use().empty());
}

}  // namespace
}  // namespace stripe
