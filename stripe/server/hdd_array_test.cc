#include "stripe/server/hdd_array.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "sim/rng.h"
#include "stripe/server/hdd_testing.h"

namespace stripe {
namespace {

using sim::Bytes;
using sim::Duration;
using sim::kKiB;
using sim::kMiB;

TEST_F(Hdd, SequentialReadStreamsAtTheRateOfAllDataDrives) {
  make(plain_array());
  for (Bytes i = 0; i < 64; ++i) {
    visits_->read(i * kMiB, kMiB);
  }
  visits_->run();
  EXPECT_EQ(total(), params_.disk.outer_rate.time_for(64 * kMiB / 8));
}

TEST_F(Hdd, FullStripeWriteStreamsAtTheRateOfAllDataDrives) {
  make(plain_array());
  for (Bytes i = 0; i < 64; ++i) {
    visits_->write(i * kMiB, kMiB);
  }
  visits_->run();
  EXPECT_EQ(total(), params_.disk.outer_rate.time_for(64 * kMiB / 8));
}

TEST_F(Hdd, RandomReadTakesSeekHalfTurnAndTransfer) {
  make(plain_array());
  const Bytes place = 3000 * kMiB;  // a chunk of drive 0
  visits_->read(place, 4 * kKiB);
  visits_->run();
  EXPECT_EQ(elapsed(0), seek_time(params_.disk, place / 8) + rotation(params_.disk) / 2 +
                            params_.disk.outer_rate.time_for(4 * kKiB));
}

TEST_F(Hdd, SmallReadsOnDifferentDrivesRunAtTheSameTime) {
  make(plain_array());
  const Bytes place = 3000 * kMiB;
  visits_->read(place, 4 * kKiB);
  visits_->read(place + 128 * kKiB, 4 * kKiB);
  visits_->run();
  EXPECT_EQ(elapsed(0), elapsed(1));
}

TEST_F(Hdd, PartialStripeWriteCostsOneTurnMoreThanReadingIt) {
  make(plain_array());
  visits_->read(3000 * kMiB, 4 * kKiB);
  visits_->run();
  const Duration read = elapsed(0);
  make(plain_array());
  visits_->write(3000 * kMiB, 4 * kKiB);
  visits_->run();
  EXPECT_EQ(elapsed(0), read + rotation(params_.disk));
}

TEST_F(Hdd, DegradedStreamOfFullStripesKeepsItsRate) {
  HddArrayParams params = plain_array();
  params.raid.failed_disks = 1;
  make(params);
  visits_->read(0, 64 * kMiB);
  visits_->run();
  EXPECT_EQ(total(), params_.disk.outer_rate.time_for(64 * kMiB / 8));
}

TEST_F(Hdd, RebuildSlowsAStreamByItsShare) {
  HddArrayParams params = plain_array();
  params.raid.failed_disks = 1;
  params.queue.rebuild_percent = 50;
  make(params);
  visits_->read(0, 64 * kMiB);
  visits_->run();
  EXPECT_EQ(total(), 2 * params_.disk.outer_rate.time_for(64 * kMiB / 8));
}

// How long the drives need for 300 random requests that all wait from the beginning, and a flush.
std::int64_t time_of_trace(const HddArrayParams& params) {
  sim::Loop loop(1);
  HddArray array(loop, "ost0", params);
  Visits visits(loop, array);
  sim::Rng rng = sim::Rng(9).split("requests");
  for (int i = 0; i < 300; ++i) {
    const Bytes chunk = rng.below(4000) * 16 * kMiB;
    const Bytes place = chunk + rng.below(16) * 64 * kKiB;
    if (rng.chance(1, 2)) {
      visits.read(place, 64 * kKiB);
    } else {
      visits.write(place, rng.chance(1, 2) ? 3 * kMiB : 64 * kKiB);
    }
  }
  visits.add(DeviceOp::flush, {}, Duration(1));
  visits.run();
  return (visits.last_end() - sim::TimePoint()).ns();
}

// By how much, the closed formulas of this folder's tests say one by one.
TEST_F(Hdd, EveryParameterSlowsOrSpeedsAMixedLoadAsItShould) {
  HddArrayParams base;
  base.cache = 4 * kMiB;
  base.disk.capacity = 16 * sim::kGiB;
  base.queue.patience = sim::seconds(10);  // longer than it all takes: order is by place
  const std::int64_t expected = time_of_trace(base);
  EXPECT_EQ(time_of_trace(base), expected);
  struct Change {
    const char* name;
    bool slower;
    void (*make)(HddArrayParams&);
  };
  for (const Change& change : std::initializer_list<Change>{
           {"capacity", false, [](HddArrayParams& p) { p.disk.capacity *= 2; }},
           {"track_to_track", true,
            [](HddArrayParams& p) { p.disk.track_to_track = sim::milliseconds(1); }},
           {"average_seek", true,
            [](HddArrayParams& p) { p.disk.average_seek = sim::milliseconds(9); }},
           {"full_stroke", true,
            [](HddArrayParams& p) { p.disk.full_stroke = sim::milliseconds(20); }},
           {"rpm", false, [](HddArrayParams& p) { p.disk.rpm = 10000; }},
           {"outer_rate", false,
            [](HddArrayParams& p) { p.disk.outer_rate = sim::Rate(200'000'000); }},
           {"inner_rate", true,
            [](HddArrayParams& p) { p.disk.inner_rate = sim::Rate(50'000'000); }},
           {"patience", true, [](HddArrayParams& p) { p.queue.patience = sim::milliseconds(20); }},
           {"rebuild_percent", true, [](HddArrayParams& p) { p.queue.rebuild_percent = 10; }},
           {"data_disks", true, [](HddArrayParams& p) { p.raid.data_disks = 4; }},
           {"parity_disks", false, [](HddArrayParams& p) { p.raid.parity_disks = 1; }},
           {"failed_disks", true, [](HddArrayParams& p) { p.raid.failed_disks = 1; }},
           {"cache", false, [](HddArrayParams& p) { p.cache = 8 * kMiB; }},
           {"cache_rate", true,
            [](HddArrayParams& p) { p.cache_rate = sim::Rate(100'000'000); }}}) {
    HddArrayParams params = base;
    change.make(params);
    const std::int64_t time = time_of_trace(params);
    EXPECT_NE(time, expected) << change.name;
    EXPECT_EQ(time > expected, change.slower) << change.name;
  }
}

// Two streams on one drive: with a depth of 1 every read follows one of the other stream.
TEST_F(Hdd, DepthSaysHowManyRequestsADriveMayReorder) {
  const Bytes near = 3000 * kMiB;
  const Bytes far = 6000 * kMiB;
  constexpr Bytes kReads = 8;
  const auto total_with = [&](std::uint32_t depth) {
    HddArrayParams params = plain_array();
    params.queue.depth = depth;
    make(params);
    const sim::TimePoint begin = loop_.now();
    for (Bytes i = 0; i < kReads; ++i) {
      visits_->read(near + i * 4 * kKiB, 4 * kKiB);
      visits_->read(far + i * 4 * kKiB, 4 * kKiB);
    }
    visits_->run();
    return visits_->last_end() - begin;
  };
  const Duration reordered = total_with(2 * kReads);
  const Duration between = positioning_time(params_.disk, far / 8, near / 8);
  EXPECT_GT(total_with(1), reordered + between * static_cast<std::int64_t>(2 * kReads - 4));
}

TEST_F(Hdd, ChunkSaysHowMuchOfARequestOneDriveServes) {
  const Bytes place = 3000 * kMiB;
  for (const Bytes chunk : {32 * kKiB, 64 * kKiB, 128 * kKiB, 256 * kKiB}) {
    HddArrayParams params = plain_array();
    params.raid.chunk = chunk;
    make(params);
    visits_->read(place, 128 * kKiB);
    visits_->run();
    EXPECT_EQ(elapsed(0), positioning_time(params.disk, 0, place / 8) +
                              params.disk.outer_rate.time_for(std::min(chunk, 128 * kKiB)));
  }
}

TEST_F(Hdd, CancellingWaitsLeavesTheWork) {
  HddArrayParams params = plain_array();
  params.cache = 2 * kMiB;
  make(params);
  for (Bytes i = 0; i < 8; ++i) {
    visits_->write((3000 + i) * kMiB, kMiB);
    visits_->read((5000 + i) * kMiB, kMiB);
  }
  for (int i = 0; i < 40; ++i) {
    ASSERT_TRUE(loop_.step());
  }
  visits_->cancel();
  drain();
  EXPECT_EQ(array_->cached(), 0u);
  // All eight writes and all eight reads reached the drives: 16 chunks of 128 KiB on each.
  const Duration transfers = 16 * params.disk.outer_rate.time_for(128 * kKiB);
  EXPECT_GE(array_->use()[0].busy, transfers);
}

TEST_F(Hdd, DestructionTakesBackWhatIsScheduled) {
  HddArrayParams params = plain_array();
  params.cache = 2 * kMiB;
  make(params);
  for (Bytes i = 0; i < 8; ++i) {
    visits_->write((3000 + i) * kMiB, kMiB);
    visits_->read((5000 + i) * kMiB, kMiB);
  }
  for (int i = 0; i < 40; ++i) {
    ASSERT_TRUE(loop_.step());
  }
  visits_.reset();
  array_.reset();
  EXPECT_EQ(loop_.pending(), 0u);
}

}  // namespace
}  // namespace stripe
