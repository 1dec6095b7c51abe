// The write-back cache of an array.

#include <gtest/gtest.h>

#include "stripe/server/hdd_array.h"
#include "stripe/server/hdd_testing.h"

namespace stripe {
namespace {

using sim::Bytes;
using sim::Duration;
using sim::kKiB;
using sim::kMiB;

using HddCache = Hdd;

TEST_F(HddCache, WriteIntoTheCacheTakesTheCachesRate) {
  HddArrayParams params = plain_array();
  params.cache = 64 * kMiB;
  params.cache_rate = sim::Rate(1000 * kMiB);
  make(params);
  visits_->write(3000 * kMiB, kMiB);
  visits_->run();
  EXPECT_EQ(elapsed(0), sim::milliseconds(1));
  EXPECT_EQ((*visits_)[0].visit.queue, Duration());
}

TEST_F(HddCache, CacheAbsorbsItsSizeAndTheNextWriteWaitsForTheDrives) {
  HddArrayParams params = plain_array();
  params.cache = 16 * kMiB;
  params.cache_rate = sim::Rate(64 * sim::kGiB);  // full long before the drives have anything
  params.destage_run = kMiB;
  params.destage_runs = 1;
  make(params);
  const Bytes place = 3000 * kMiB;
  for (Bytes i = 0; i <= 16; ++i) {
    visits_->write(place + i * kMiB, kMiB);
  }
  visits_->run();
  const Duration into = params.cache_rate.time_for(kMiB);
  for (int i = 0; i < 16; ++i) {
    EXPECT_EQ(elapsed(static_cast<std::size_t>(i)), into * (i + 1));
  }
  // The first stripe leaves as soon as it is in; its place is free when the drives have it.
  EXPECT_EQ(elapsed(16), into + positioning_time(params.disk, 0, place / 8) +
                             params.disk.outer_rate.time_for(128 * kKiB) + into);
}

TEST_F(HddCache, WriteLargerThanTheCacheGoesPastIt) {
  HddArrayParams params = plain_array();
  params.cache = kMiB;
  make(params);
  visits_->write(0, 2 * kMiB);
  visits_->run();
  EXPECT_EQ(elapsed(0), params.disk.outer_rate.time_for(2 * kMiB / 8));
  EXPECT_EQ(array_->cached(), 0u);
}

TEST_F(HddCache, LongRunOfCachedWritesGoesAtTheSpeedOfTheDrives) {
  HddArrayParams params = plain_array();
  params.cache = 32 * kMiB;
  make(params);
  constexpr Bytes kTotal = 2048 * kMiB;
  for (Bytes i = 0; i < kTotal / kMiB; ++i) {
    visits_->write(i * kMiB, kMiB);
  }
  visits_->run();
  const double drives = params.disk.outer_rate.time_for((kTotal - params.cache) / 8).seconds();
  EXPECT_GE(total().seconds(), drives * 0.99);
  EXPECT_LE(total().seconds(), drives * 1.02);
}

TEST_F(HddCache, CacheMergesSmallWritesIntoFullStripes) {
  HddArrayParams params = plain_array();
  params.cache = 32 * kMiB;
  make(params);
  for (Bytes i = 0; i < 16; ++i) {
    visits_->write(i * 64 * kKiB, 64 * kKiB);
  }
  visits_->run();
  drain();
  EXPECT_EQ(array_->cached(), 0u);
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(array_->use()[static_cast<std::size_t>(i)].busy,
              params.disk.outer_rate.time_for(128 * kKiB));
  }
}

TEST_F(HddCache, PartialStripeLeavesTheCacheWhenOld) {
  HddArrayParams params = plain_array();
  params.cache = 32 * kMiB;
  params.destage_after = sim::milliseconds(300);
  make(params);
  const Bytes place = 3000 * kMiB;
  visits_->write(place, 4 * kKiB);
  visits_->run();
  EXPECT_EQ(array_->use()[0].busy, Duration());
  drain();
  EXPECT_EQ(array_->cached(), 0u);
  EXPECT_EQ(loop_.now() - sim::TimePoint(),
            elapsed(0) + params.destage_after + positioning_time(params.disk, 0, place / 8) +
                params.disk.outer_rate.time_for(4 * kKiB) + rotation(params.disk));
}

// Full stripes far apart: with one run at a time each drive seeks and writes, then begins the next;
// with two, the drives go on without waiting for each other, and no later.
TEST_F(HddCache, NoMoreRunsThanAllowedAreWrittenBackAtATime) {
  for (const std::uint32_t runs : {1u, 2u, 4u}) {
    HddArrayParams params = plain_array();
    params.cache = 32 * kMiB;
    params.cache_rate = sim::Rate(64 * sim::kGiB);
    params.destage_run = kMiB;
    params.destage_runs = runs;
    make(params);
    for (Bytes i = 0; i < 8; ++i) {
      visits_->write((1000 + 500 * i) * kMiB, kMiB);
    }
    visits_->run();  // all are in the cache, and the first have been handed to the drives
    EXPECT_EQ(array_->destaging(), runs);
    drain();
    EXPECT_EQ(array_->destaging(), 0u);
  }
}

TEST_F(HddCache, RunsThatAreWrittenBackAreAsLongAsAllowed) {
  for (const Bytes run : {kMiB, 4 * kMiB}) {
    HddArrayParams params = plain_array();
    params.cache = 32 * kMiB;
    params.cache_rate = sim::Rate(64 * sim::kGiB);
    params.destage_run = run;
    params.destage_runs = 1;
    make(params);
    visits_->write(0, 8 * kMiB);
    visits_->run();
    EXPECT_EQ(array_->cached(), 8 * kMiB);
    ASSERT_TRUE(loop_.step());
    while (array_->cached() == 8 * kMiB && loop_.step()) {
    }
    EXPECT_EQ(array_->cached(), 8 * kMiB - run);
  }
}

TEST_F(HddCache, PartialStripesLeaveOnceMoreThanHalfOfTheCacheIsTaken) {
  HddArrayParams params = plain_array();
  params.cache = 64 * kKiB;
  params.destage_after = sim::seconds(100);
  for (const Bytes writes : {8u, 9u}) {
    make(params);
    for (Bytes i = 0; i < writes; ++i) {
      visits_->write(3000 * kMiB + i * kMiB, 4 * kKiB);
    }
    visits_->add(DeviceOp::flush, {}, sim::seconds(1));  // gives the drives time, and asks nothing
    visits_->run();
    const Duration worked = array_->use()[0].busy;
    EXPECT_EQ(worked > Duration(), writes == 9) << writes;
  }
}

TEST_F(HddCache, OverwritingWhatWaitsInTheCacheTakesNoMoreOfIt) {
  HddArrayParams params = plain_array();
  params.cache = kMiB;
  make(params);
  visits_->write(0, 8 * kKiB);
  visits_->write(4 * kKiB, 8 * kKiB);
  visits_->run();
  EXPECT_EQ(array_->cached(), 12 * kKiB);
}

TEST_F(HddCache, DataWrittenPastTheCacheTakesTheOlderDataOutOfIt) {
  HddArrayParams params = plain_array();
  params.cache = kMiB;
  make(params);
  visits_->write(512 * kKiB, 4 * kKiB);
  visits_->write(0, 2 * kMiB, sim::milliseconds(100));
  visits_->run();
  EXPECT_EQ(array_->cached(), 0u);
}

TEST_F(HddCache, ReadOfWhatWaitsInTheCacheIsServedFromIt) {
  HddArrayParams params = plain_array();
  params.cache = 32 * kMiB;
  params.cache_rate = sim::Rate(1000 * kMiB);
  make(params);
  visits_->write(3000 * kMiB, 512 * kKiB);
  visits_->read(3000 * kMiB, 512 * kKiB, sim::milliseconds(2));
  visits_->read(3000 * kMiB, 512 * kKiB + 1, sim::milliseconds(4));
  visits_->run();
  EXPECT_EQ(elapsed(1), sim::microseconds(500));
  EXPECT_GT(elapsed(2), sim::milliseconds(4));
}

TEST_F(HddCache, FlushOfAStableCacheTakesNoTime) {
  HddArrayParams params = plain_array();
  params.cache = 32 * kMiB;
  make(params);
  visits_->write(0, 4 * kKiB);
  visits_->add(DeviceOp::flush, {}, sim::milliseconds(100));
  visits_->run();
  EXPECT_EQ(elapsed(1), Duration());
}

TEST_F(HddCache, FlushOfAVolatileCacheWaitsForTheDrivesAndHoldsWritesBack) {
  HddArrayParams params = plain_array();
  params.cache = 32 * kMiB;
  params.cache_is_stable = false;
  make(params);
  visits_->write(3000 * kMiB, 4 * kKiB);
  visits_->add(DeviceOp::flush, {}, sim::milliseconds(100));
  visits_->write(0, 4 * kKiB, sim::milliseconds(101));
  visits_->run();
  EXPECT_EQ(elapsed(1), positioning_time(params.disk, 0, 3000 * kMiB / 8) + rotation(params.disk) +
                            params.disk.outer_rate.time_for(4 * kKiB));
  EXPECT_GT((*visits_)[2].end, (*visits_)[1].end);
}

}  // namespace
}  // namespace stripe
