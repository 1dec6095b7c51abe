#include "stripe/server/hdd_array.h"

#include <gtest/gtest.h>

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

TEST_F(Hdd, EveryParameterChangesTheResult) {
  const auto trace_of = [](const HddArrayParams& params) {
    sim::Loop loop(1);
    HddArray array(loop, "ost0", params);
    Visits visits(loop, array);
    sim::Rng rng = sim::Rng(9).split("requests");
    for (int i = 0; i < 300; ++i) {
      const Bytes place = rng.below(4000) * 16 * kMiB + rng.below(16) * 64 * kKiB;
      const Duration after(static_cast<std::int64_t>(rng.below(4'000'000'000)));
      if (rng.chance(1, 2)) {
        visits.read(place, 64 * kKiB, after);
      } else {
        visits.write(place, rng.chance(1, 2) ? 3 * kMiB : 64 * kKiB, after);
      }
    }
    visits.add(DeviceOp::flush, {}, sim::seconds(3));
    visits.run();
    std::int64_t sum = 0;
    for (std::size_t i = 0; i <= 300; ++i) {
      sum += visits[i].elapsed().ns();
    }
    return sum;
  };
  HddArrayParams base;
  base.cache = 4 * kMiB;
  base.cache_is_stable = false;
  base.disk.capacity = 16 * sim::kGiB;
  const std::int64_t expected = trace_of(base);
  EXPECT_EQ(trace_of(base), expected);
  using Change = void (*)(HddArrayParams&);
  int index = 0;
  for (const Change change : std::initializer_list<Change>{
           [](HddArrayParams& p) { p.disk.capacity *= 2; },
           [](HddArrayParams& p) { p.disk.track_to_track = sim::milliseconds(1); },
           [](HddArrayParams& p) { p.disk.average_seek = sim::milliseconds(9); },
           [](HddArrayParams& p) { p.disk.full_stroke = sim::milliseconds(20); },
           [](HddArrayParams& p) { p.disk.rpm = 10000; },
           [](HddArrayParams& p) { p.disk.outer_rate = sim::Rate(200'000'000); },
           [](HddArrayParams& p) { p.disk.inner_rate = sim::Rate(50'000'000); },
           [](HddArrayParams& p) { p.queue.depth = 1; },
           [](HddArrayParams& p) { p.queue.patience = sim::milliseconds(20); },
           [](HddArrayParams& p) { p.queue.rebuild_percent = 10; },
           [](HddArrayParams& p) { p.raid.data_disks = 4; },
           [](HddArrayParams& p) { p.raid.parity_disks = 1; },
           [](HddArrayParams& p) { p.raid.chunk = 64 * kKiB; },
           [](HddArrayParams& p) { p.raid.failed_disks = 1; },
           [](HddArrayParams& p) { p.cache = 8 * kMiB; },
           [](HddArrayParams& p) { p.cache_rate = sim::Rate(100'000'000); },
           [](HddArrayParams& p) { p.destage_run = kMiB; },
           [](HddArrayParams& p) { p.destage_runs = 1; },
           [](HddArrayParams& p) { p.destage_after = sim::milliseconds(20); },
           [](HddArrayParams& p) { p.cache_is_stable = true; }}) {
    HddArrayParams params = base;
    change(params);
    EXPECT_NE(trace_of(params), expected) << "change " << index;
    ++index;
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
