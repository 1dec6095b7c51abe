#include "sim/task.h"

#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <vector>

#include "sim/sync.h"

namespace sim {
namespace {

using testing::ElementsAre;

using Log = std::vector<std::string>;

Task<int> sum_to(Loop& loop, int n) {
  if (n == 0) {
    co_return 0;
  }
  co_await sleep_for(loop, nanoseconds(1));
  co_return n + co_await sum_to(loop, n - 1);
}

Task<> note_sum(Loop& loop, int& out) { out = co_await sum_to(loop, 10); }

TEST(Task, ACallHandsItsResultToTheCaller) {
  Loop loop(1);
  TaskGroup group(loop);
  int out = 0;
  group.spawn(note_sum(loop, out), "sum");
  EXPECT_TRUE(run_virtual(loop).ok());
  EXPECT_EQ(out, 55);
  EXPECT_EQ(loop.now(), TimePoint(10));
}

Task<int> at_once(int n) { co_return n; }

Task<> call_often(int times, int& out) {
  for (int i = 0; i < times; ++i) {
    out += co_await at_once(1);
  }
}

TEST(Task, CallAndReturnTakeNoEvents) {
  Loop loop(1);
  TaskGroup group(loop);
  int out = 0;
  group.spawn(call_often(100, out), "caller");
  EXPECT_TRUE(run_virtual(loop).ok());
  EXPECT_EQ(out, 100);
  EXPECT_EQ(loop.events(), 1u);
}

Task<std::unique_ptr<int>> boxed(int n) { co_return std::make_unique<int>(n); }
Task<> unbox(int& out) { out = *co_await boxed(6); }

TEST(Task, AResultNeedOnlyBeMovable) {
  Loop loop(1);
  TaskGroup group(loop);
  int out = 0;
  group.spawn(unbox(out), "unbox");
  EXPECT_TRUE(run_virtual(loop).ok());
  EXPECT_EQ(out, 6);
}

Task<> note(Log& log, std::string text) {
  log.push_back(std::move(text));
  co_return;
}

TEST(Task, NeverAwaitedItNeverRuns) {
  Log log;
  {
    const Task<> task = note(log, "ran");
    EXPECT_TRUE(task.valid());
  }
  EXPECT_TRUE(log.empty());
}

TEST(Task, MovedFromItIsEmpty) {
  Log log;
  Task<> a = note(log, "a");
  Task<> b = std::move(a);
  EXPECT_FALSE(a.valid());
  EXPECT_TRUE(b.valid());
  b = Task<>();
  EXPECT_FALSE(b.valid());
}

struct LogAtEnd {
  Log& log;
  std::string text;
  ~LogAtEnd() { log.push_back(text); }
};

Task<> sleeper(Loop& loop, Log& log, std::string name, Duration d) {
  const LogAtEnd end{log, name + " gone"};
  log.push_back(name + " begins");
  co_await sleep_for(loop, d);
  log.push_back(name + " ends");
}

TEST(TaskGroup, SpawnedTasksStartInOrderFromTheLoopNotFromTheCall) {
  Loop loop(1);
  Log log;
  TaskGroup group(loop);
  group.spawn(note(log, "one"), "one");
  group.spawn(note(log, "two"), "two");
  EXPECT_TRUE(log.empty());
  EXPECT_TRUE(run_virtual(loop).ok());
  EXPECT_THAT(log, ElementsAre("one", "two"));
}

TEST(TaskGroup, AFinishedTaskLeavesTheGroup) {
  Loop loop(1);
  Log log;
  TaskGroup group(loop);
  group.spawn(sleeper(loop, log, "a", seconds(1)), "a");
  EXPECT_EQ(group.size(), 1u);
  EXPECT_TRUE(run_virtual(loop).ok());
  while (loop.step()) {
  }
  EXPECT_EQ(group.size(), 0u);
  EXPECT_THAT(log, ElementsAre("a begins", "a ends", "a gone"));
}

TEST(TaskGroup, CancellingDestroysFramesAndTakesBackTimers) {
  Loop loop(1);
  Log log;
  TaskGroup group(loop);
  group.spawn(sleeper(loop, log, "a", seconds(1)), "a");
  ASSERT_TRUE(loop.step());
  group.spawn(sleeper(loop, log, "never", seconds(1)), "never");
  group.cancel_all();
  EXPECT_THAT(log, ElementsAre("a begins", "a gone"));
  EXPECT_EQ(loop.pending(), 0u);
  EXPECT_EQ(loop.alive(), 0u);
  EXPECT_EQ(group.size(), 0u);
}

TEST(TaskGroup, CanBeCancelledBetweenATasksEndAndItsRemoval) {
  Loop loop(1);
  Log log;
  TaskGroup group(loop);
  group.spawn(note(log, "ran"), "short");
  ASSERT_TRUE(loop.step());
  EXPECT_EQ(loop.alive(), 0u);
  EXPECT_EQ(group.size(), 1u);
  group.cancel_all();
  EXPECT_EQ(loop.pending(), 0u);
}

Task<> tick(Loop& loop, int& ticks) {
  for (;;) {
    co_await sleep_for(loop, seconds(1));
    ++ticks;
  }
}

TEST(TaskGroup, DaemonsDoNotKeepARunAlive) {
  Loop loop(1);
  Log log;
  int ticks = 0;
  TaskGroup group(loop);
  group.spawn(tick(loop, ticks), "ticker", TaskKind::daemon);
  EXPECT_TRUE(run_virtual(loop).ok());
  EXPECT_EQ(ticks, 0);
  group.spawn(sleeper(loop, log, "a", milliseconds(3500)), "a");
  EXPECT_TRUE(run_virtual(loop).ok());
  EXPECT_EQ(ticks, 3);
  EXPECT_EQ(loop.now(), TimePoint() + milliseconds(3500));
}

TEST(TaskGroup, ATaskSpawnsOthersIntoItsOwnGroup) {
  Loop loop(1);
  Log log;
  TaskGroup group(loop);
  struct Spawner {
    static Task<> run(TaskGroup& group, Log& log) {
      group.spawn(note(log, "child"), "child");
      log.push_back("parent");
      co_return;
    }
  };
  group.spawn(Spawner::run(group, log), "parent");
  EXPECT_TRUE(run_virtual(loop).ok());
  EXPECT_THAT(log, ElementsAre("parent", "child"));
}

}  // namespace
}  // namespace sim
