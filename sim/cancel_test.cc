// Cancelling at any moment takes back timers and gives back permits and values: a scenario that
// uses every way to wait is cancelled after each of its steps.
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "sim/rng.h"
#include "sim/station.h"
#include "sim/sync.h"

namespace sim {
namespace {

constexpr std::uint64_t kPermits = 5;
constexpr int kWorkers = 6;
constexpr int kRounds = 8;

using Box = std::unique_ptr<int>;

struct World {
  explicit World(Loop& l) : loop(l) {}
  Loop& loop;
  Semaphore permits{loop, kPermits};
  Channel<Box> channel{loop};
  Event gate{loop};
  Station station{loop, "station", 2};
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  std::int64_t frames = 0;
};

// Gives back what was taken however the coroutine ends.
struct Held {
  Semaphore& permits;
  std::uint64_t n;
  ~Held() { permits.release(n); }
};

struct Counted {
  std::int64_t& frames;
  explicit Counted(std::int64_t& f) : frames(f) { ++frames; }
  ~Counted() { --frames; }
};

Task<int> part(World& world, Duration d) {
  const Counted counted(world.frames);
  co_await world.permits.acquire(2);
  const Held held{world.permits, 2};
  co_await sleep_for(world.loop, d);
  world.channel.send(std::make_unique<int>(1));
  ++world.sent;
  co_return 1;
}

Task<int> both(World& world, Duration d) {
  const Counted counted(world.frames);
  std::vector<Task<int>> parts;
  parts.push_back(part(world, d));
  parts.push_back(part(world, d * 2));
  co_await when_all(world.loop, parts);
  co_return 2;
}

Task<> worker(World& world, std::uint64_t number) {
  const Counted counted(world.frames);
  Rng rng = world.loop.rng("worker", number);
  co_await world.gate.wait();
  for (int round = 0; round < kRounds; ++round) {
    const std::uint64_t n = 1 + rng.below(kPermits);
    co_await world.permits.acquire(n);
    {
      const Held held{world.permits, n};
      co_await world.station.use(rng.exponential(microseconds(3)));
    }
    co_await with_timeout(world.loop, both(world, rng.exponential(microseconds(2))),
                          microseconds(9));
  }
}

Task<> receiver(World& world) {
  const Counted counted(world.frames);
  for (;;) {
    const Box value = co_await world.channel.receive();
    EXPECT_NE(value, nullptr);
    ++world.received;
  }
}

Task<> opener(World& world) {
  co_await sleep_for(world.loop, microseconds(1));
  world.gate.set();
}

void spawn_all(World& world, TaskGroup& first, TaskGroup& second) {
  for (std::uint64_t i = 0; i < kWorkers; ++i) {
    (i % 2 == 0 ? first : second).spawn(worker(world, i), "worker");
  }
  first.spawn(receiver(world), "receiver", TaskKind::daemon);
  second.spawn(receiver(world), "receiver", TaskKind::daemon);
  second.spawn(opener(world), "opener");
}

void expect_nothing_left(World& world) {
  EXPECT_EQ(world.frames, 0);
  EXPECT_EQ(world.loop.pending(), 0u);
  EXPECT_EQ(world.loop.alive(), 0u);
  EXPECT_EQ(world.permits.available(), kPermits);
  EXPECT_FALSE(world.permits.has_waiters());
  EXPECT_FALSE(world.channel.has_receiver());
  EXPECT_EQ(world.sent, world.received + world.channel.size());
}

// Steps `k` times; false if the run ended before.
bool steps(Loop& loop, int k) {
  for (int i = 0; i < k; ++i) {
    if (!loop.step()) {
      return false;
    }
  }
  return true;
}

TEST(Cancel, AfterAnyStepNothingIsLeftBehind) {
  int k = 0;
  for (bool more = true; more; ++k) {
    SCOPED_TRACE(k);
    Loop loop(1);
    World world(loop);
    TaskGroup first(loop);
    TaskGroup second(loop);
    spawn_all(world, first, second);
    more = steps(loop, k);
    second.cancel_all();
    first.cancel_all();
    expect_nothing_left(world);
    ASSERT_FALSE(testing::Test::HasFailure());
  }
  EXPECT_GT(k, 200) << "the scenario is meant to have many steps";
}

TEST(Cancel, AfterAnyStepTheOthersGoOnAndFinish) {
  for (int k = 0;; ++k) {
    SCOPED_TRACE(k);
    Loop loop(1);
    World world(loop);
    TaskGroup stays(loop);
    TaskGroup doomed(loop);
    spawn_all(world, doomed, stays);
    const bool more = steps(loop, k);
    doomed.cancel_all();
    ASSERT_TRUE(run_virtual(loop).ok());
    stays.cancel_all();
    expect_nothing_left(world);
    ASSERT_FALSE(testing::Test::HasFailure());
    if (!more) {
      break;
    }
  }
}

}  // namespace
}  // namespace sim
