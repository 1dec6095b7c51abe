#include "stripe/client/memory.h"

#include "stripe/client/client_testing.h"

namespace stripe {
namespace {

using sim::kMiB;

// 100 MiB, of which other programs hold 20 in the first second and 70 in the next.
ClientDesign design_with(Pressure pressure, sim::Bytes cache) {
  ClientDesign design;
  design.cache_size = cache;
  design.memory.size = 100 * kMiB;
  design.memory.pressure = pressure;
  design.memory.expire = sim::seconds(2);
  design.memory.others_low = 20 * kMiB;
  design.memory.others_high = 70 * kMiB;
  design.memory.period = sim::seconds(2);
  design.memory.swap_latency = sim::microseconds(100);
  return design;
}

class Memories : public ::testing::Test {
 public:
  void use(Pressure pressure, sim::Bytes cache) {
    world_ = std::make_unique<ClientWorld>(design_with(pressure, cache));
    memory_ = std::make_unique<Memory>(world_->context, world_->cache);
  }
  void fill(sim::Bytes bytes) { world_->cache.insert_clean(1, {0, bytes}, 1); }
  std::unique_ptr<ClientWorld> world_;
  std::unique_ptr<Memory> memory_;
};

TEST_F(Memories, OthersDemandChangesAtTheHalfOfThePeriod) {
  use(Pressure::fixed, 80 * kMiB);
  world_->run_for(sim::seconds(1) - sim::Duration(1));
  EXPECT_EQ(memory_->others(), 20 * kMiB);
  world_->run_for(sim::Duration(1));
  EXPECT_EQ(memory_->others(), 70 * kMiB);
  world_->run_for(sim::seconds(1));
  EXPECT_EQ(memory_->others(), 20 * kMiB);
}

TEST_F(Memories, ACacheThatIsToldGivesBackWhatOthersWantAndNoMore) {
  use(Pressure::signal, 80 * kMiB);
  for (sim::Bytes i = 0; i < 80; ++i) {
    world_->cache.insert_clean(1, {i * kMiB, (i + 1) * kMiB}, 1);
  }
  memory_->settle();
  EXPECT_EQ(world_->cache.cached(), 80 * kMiB);
  world_->run_for(sim::seconds(1));
  memory_->settle();
  EXPECT_EQ(world_->cache.cached(), 30 * kMiB);
  EXPECT_EQ(memory_->swap_in(kMiB), sim::Duration());
  EXPECT_EQ(world_->context.stats.evicted_early, 0u);
}

TEST_F(Memories, OfAFixedCacheThePartThatDoesNotFitIsSwappedOut) {
  use(Pressure::fixed, 60 * kMiB);
  fill(60 * kMiB);
  EXPECT_EQ(memory_->swap_in(6 * kMiB), sim::Duration());
  world_->run_for(sim::seconds(1));
  memory_->settle();
  EXPECT_EQ(world_->cache.cached(), 60 * kMiB);
  // 30 of 60 MiB are out: half of what is read has to come back, page by page.
  EXPECT_EQ(memory_->swap_in(6 * kMiB), sim::microseconds(100) * (3 * 256));
  EXPECT_EQ(world_->context.stats.swapped_in, 3 * kMiB);
}

TEST_F(Memories, WhatASmallFixedCachePushesOutWasEarlyIfThereWasRoom) {
  use(Pressure::fixed, 10 * kMiB);
  fill(10 * kMiB);
  memory_->settle();
  world_->cache.insert_clean(2, {0, 10 * kMiB}, 1);
  memory_->settle();
  EXPECT_EQ(world_->context.stats.evicted_early, 10 * kMiB);
}

TEST_F(Memories, WhatWasNotUsedForATimeOutExpires) {
  use(Pressure::expire, 80 * kMiB);
  memory_->settle();
  fill(10 * kMiB);
  world_->run_for(sim::seconds(1));
  memory_->settle();
  EXPECT_EQ(world_->cache.cached(), 10 * kMiB) << "used in the turn that has ended";
  world_->run_for(sim::seconds(1));
  memory_->settle();
  EXPECT_EQ(world_->cache.cached(), 0u);
}

}  // namespace
}  // namespace stripe
