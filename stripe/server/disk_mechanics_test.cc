#include "stripe/server/disk_mechanics.h"

#include <gtest/gtest.h>

namespace stripe {
namespace {

using sim::Bytes;
using sim::Duration;
using sim::microseconds;

DiskParams drive() {
  DiskParams disk;
  disk.capacity = 900'000'000;
  disk.track_to_track = microseconds(1000);
  disk.average_seek = microseconds(9000);
  disk.full_stroke = microseconds(17000);
  disk.rpm = 6000;
  disk.outer_rate = sim::Rate(200'000'000);
  disk.inner_rate = sim::Rate(100'000'000);
  return disk;
}

TEST(DiskMechanics, SeekMeetsItsThreePoints) {
  const DiskParams disk = drive();
  EXPECT_EQ(seek_time(disk, 0), Duration());
  EXPECT_NEAR(static_cast<double>(seek_time(disk, 1).ns()), 1e6, 1000);
  EXPECT_EQ(seek_time(disk, disk.capacity / 3), disk.average_seek);
  EXPECT_EQ(seek_time(disk, disk.capacity), disk.full_stroke);
}

TEST(DiskMechanics, ShortSeekGrowsWithTheRootOfItsDistance) {
  const DiskParams disk = drive();
  // A quarter of the distance of the average seek: half of what lies above track to track.
  EXPECT_EQ(seek_time(disk, disk.capacity / 12), microseconds(5000));
  EXPECT_EQ(seek_time(disk, disk.capacity / 3 * 2), microseconds(13000));
}

TEST(DiskMechanics, SeekNeverShrinksWithDistance) {
  const DiskParams disk = drive();
  Duration last;
  for (Bytes d = 0; d <= disk.capacity; d += disk.capacity / 1000) {
    EXPECT_GE(seek_time(disk, d), last) << d;
    last = seek_time(disk, d);
  }
}

TEST(DiskMechanics, FollowingOnTakesNoPositioning) {
  EXPECT_EQ(positioning_time(drive(), 12345, 12345), Duration());
}

TEST(DiskMechanics, ElsewhereTakesASeekAndHalfATurn) {
  const DiskParams disk = drive();
  EXPECT_EQ(rotation(disk), microseconds(10000));
  EXPECT_EQ(positioning_time(disk, 0, disk.capacity / 3), microseconds(9000 + 5000));
  EXPECT_EQ(positioning_time(disk, disk.capacity / 3, 0), microseconds(9000 + 5000));
}

TEST(DiskMechanics, ShortGapAheadIsPassedOverButNoneBehind) {
  const DiskParams disk = drive();
  EXPECT_EQ(positioning_time(disk, 0, 20'000), microseconds(100));
  EXPECT_GT(positioning_time(disk, 20'000, 0), microseconds(6000));
}

TEST(DiskMechanics, RateFallsLinearlyFromOuterToInner) {
  const DiskParams disk = drive();
  EXPECT_EQ(zone_rate(disk, 0).bytes_per_second(), 200'000'000u);
  EXPECT_EQ(zone_rate(disk, disk.capacity / 2).bytes_per_second(), 150'000'000u);
  EXPECT_EQ(zone_rate(disk, disk.capacity).bytes_per_second(), 100'000'000u);
  EXPECT_EQ(transfer_time(disk, {0, 2'000'000}), microseconds(10000));
  EXPECT_EQ(transfer_time(disk, {450'000'000, 450'150'000}), microseconds(1000));
}

}  // namespace
}  // namespace stripe
