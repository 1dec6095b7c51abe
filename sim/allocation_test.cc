// In steady state the kernel allocates nothing per event.
#include <gtest/gtest.h>

#include <vector>

#include "sim/counting_allocator.h"
#include "sim/rng.h"
#include "sim/station.h"
#include "sim/sync.h"

namespace sim {
namespace {

struct World {
  explicit World(Loop& l) : loop(l) {}
  Loop& loop;
  Rng rng = loop.rng("steady");
  Semaphore permits{loop, 3};
  Station station{loop, "station", 2};
  Duration pause() { return rng.exponential(microseconds(10)); }
};

using Activity = Task<> (*)(World&);

// Events and allocations of `tasks` copies of an activity, once its first events are over.
void expect_no_allocation(Activity activity, int tasks) {
  Loop loop(1);
  World world(loop);
  TaskGroup group(loop);
  for (int i = 0; i < tasks; ++i) {
    group.spawn(activity(world), "steady");
  }
  constexpr int kEvents = 200000;
  for (int i = 0; i < kEvents; ++i) {
    ASSERT_TRUE(loop.step());
  }
  const std::size_t before = allocations();
  for (int i = 0; i < kEvents; ++i) {
    ASSERT_TRUE(loop.step());
  }
  // A bucket of the event queue may still reach a new largest size now and then.
  EXPECT_LE(allocations() - before, 100u);
}

Task<> sleeps(World& world) {
  for (;;) {
    co_await sleep_for(world.loop, world.pause());
  }
}

Task<> takes_permits(World& world) {
  for (;;) {
    co_await world.permits.acquire(2);
    co_await sleep_for(world.loop, world.pause());
    world.permits.release(2);
  }
}

Task<> visits(World& world) {
  for (;;) {
    co_await world.station.use(world.pause());
    co_await sleep_for(world.loop, world.pause());
  }
}

TEST(Allocation, SleepingNeedsNone) { expect_no_allocation(sleeps, 500); }
TEST(Allocation, SemaphoresNeedNone) { expect_no_allocation(takes_permits, 500); }
TEST(Allocation, StationsNeedNone) { expect_no_allocation(visits, 500); }

Task<int> call(World& world, Duration d) {
  co_await sleep_for(world.loop, d);
  co_return 1;
}

Task<> calls(World& world) {
  for (;;) {
    co_await call(world, world.pause());
  }
}

Task<> calls_with_limit(World& world) {
  for (;;) {
    co_await with_timeout(world.loop, call(world, world.pause()), world.pause() * 4);
  }
}

TEST(Allocation, CallsNeedNone) { expect_no_allocation(calls, 500); }
TEST(Allocation, CallsWithALimitNeedNone) { expect_no_allocation(calls_with_limit, 500); }

TEST(Allocation, TheCountCounts) {
  const std::size_t before = allocations();
  const std::vector<int> some(10);
  EXPECT_EQ(allocations() - before, 1u);
  EXPECT_EQ(some.size(), 10u);
}

}  // namespace
}  // namespace sim
