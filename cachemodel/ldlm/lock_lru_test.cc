#include "cachemodel/ldlm/lock_lru.h"

#include <gtest/gtest.h>

namespace cachemodel {
namespace {

constexpr sim::Duration kTick(1);

TEST(LruRule, ALockUnusedForLongerThanTheMostGoes) {
  const LruRule rule{LruOptions{}};
  EXPECT_FALSE(rule.must_go(sim::seconds(600), 1));
  EXPECT_TRUE(rule.must_go(sim::seconds(600) + kTick, 1));
}

TEST(LruRule, AFixedNumberIsKept) {
  const LruRule rule{{.max_unused = 100}};
  EXPECT_FALSE(rule.must_go(sim::seconds(1), 100));
  EXPECT_TRUE(rule.must_go(sim::seconds(1), 101));
}

TEST(LruRule, AFixedNumberDoesNotAskTheServer) {
  LruRule rule{{.max_unused = 100}};
  rule.set_server_volume(1);
  EXPECT_FALSE(rule.must_go(sim::seconds(500), 100));
}

TEST(LruRule, ALockGoesWhenItsVolumeReachesTheServers) {
  LruRule rule{LruOptions{}};
  rule.set_server_volume(5000);
  EXPECT_FALSE(rule.must_go(sim::seconds(50) - kTick, 100));
  EXPECT_TRUE(rule.must_go(sim::seconds(50), 100));
  EXPECT_FALSE(rule.must_go(sim::seconds(50), 99));
}

TEST(LruRule, TheFactorScalesTheVolume) {
  LruRule rule{{.volume_factor = 512}};
  rule.set_server_volume(5000);
  EXPECT_FALSE(rule.must_go(sim::seconds(25) - kTick, 100));
  EXPECT_TRUE(rule.must_go(sim::seconds(25), 100));
}

TEST(LruRule, UntilTheServerHasSpokenOnlyAgeCounts) {
  const LruRule rule{LruOptions{}};
  EXPECT_FALSE(rule.must_go(sim::seconds(600), 1'000'000));
}

TEST(LruRule, LargeVolumesDoNotOverflow) {
  LruRule rule{{.max_age = sim::Duration::max()}};
  rule.set_server_volume(std::uint64_t{1} << 62);
  EXPECT_FALSE(rule.must_go(sim::seconds(1'000'000), 1'000'000'000));
  EXPECT_TRUE(rule.must_go(sim::seconds(9'000'000'000), 1'000'000'000));
}

}  // namespace
}  // namespace cachemodel
