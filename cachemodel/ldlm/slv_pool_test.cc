#include "cachemodel/ldlm/slv_pool.h"

#include <gtest/gtest.h>

namespace cachemodel {
namespace {

TEST(SlvPool, BeginsWithEverythingAllowed) {
  const SlvPool pool(20 * sim::kMiB);
  EXPECT_EQ(pool.limit(), 1000u);
  EXPECT_EQ(pool.max_volume(), 36'000'000u);
  EXPECT_EQ(pool.volume(), pool.max_volume());
}

TEST(SlvPool, PlansAPercentOfWhatIsLeftForEachSecond) {
  SlvPool pool(20 * sim::kMiB);
  pool.recalculate(200);
  EXPECT_EQ(pool.grant_plan(), 208u);
  pool.recalculate(200, sim::seconds(10));
  EXPECT_EQ(pool.grant_plan(), 200u + 184u);  // 23 %
  pool.recalculate(200, sim::seconds(100));
  EXPECT_EQ(pool.grant_plan(), 200u + 240u);  // 30 %
}

TEST(SlvPool, ThePlanIsAtMostFiveFourthsOfTheLimit) {
  SlvPool pool(20 * sim::kMiB);
  pool.recalculate(1250);
  EXPECT_LT(pool.grant_plan(), 1250u);  // what is above the limit counts against the plan
  pool.recalculate(2000);
  EXPECT_EQ(pool.grant_plan(), 1250u);
}

TEST(SlvPool, TheVolumeFallsByWhatIsGrantedBeyondThePlan) {
  SlvPool pool(20 * sim::kMiB);
  pool.recalculate(0);
  ASSERT_EQ(pool.grant_plan(), 10u);
  ASSERT_EQ(pool.volume(), pool.max_volume());
  pool.recalculate(110);  // 100 above the plan: 9 tenths of the volume are left
  EXPECT_EQ(pool.volume(), pool.max_volume() / 10 * 9);
}

TEST(SlvPool, TheVolumeRisesAgainAndStopsAtTheMost) {
  SlvPool pool(20 * sim::kMiB);
  pool.recalculate(900);
  ASSERT_LT(pool.volume(), pool.max_volume());
  std::uint64_t before = pool.volume();
  for (int turn = 0; turn < 10000 && pool.volume() < pool.max_volume(); ++turn) {
    pool.recalculate(0);
    ASSERT_GT(pool.volume(), before);
    before = pool.volume();
  }
  EXPECT_EQ(pool.volume(), pool.max_volume());
  pool.recalculate(0);
  EXPECT_EQ(pool.volume(), pool.max_volume());
}

TEST(SlvPool, TheVolumeNeverFallsBelow1AndRisesFromThere) {
  SlvPool pool(20 * sim::kMiB);
  for (int turn = 0; turn < 100; ++turn) {
    pool.recalculate(5000);
  }
  EXPECT_EQ(pool.volume(), 1u);
  pool.recalculate(0);
  pool.recalculate(0);
  EXPECT_GT(pool.volume(), 1u);
}

TEST(SlvPool, AsManyLocksAsPlannedKeepTheVolume) {
  SlvPool pool(20 * sim::kMiB);
  pool.recalculate(500);
  const std::uint64_t volume = pool.volume();
  pool.recalculate(pool.grant_plan());
  EXPECT_EQ(pool.volume(), volume);
}

}  // namespace
}  // namespace cachemodel
