// A run in which nothing can come any more ends with a message that names who waits for what.
#include <gmock/gmock.h>

#include <string>

#include "sim/sync.h"

namespace sim {
namespace {

using testing::HasSubstr;
using testing::Not;

Task<> wait_event(Event& event) { co_await event.wait(); }
Task<> take_twice(Semaphore& semaphore) {
  co_await semaphore.acquire();
  co_await semaphore.acquire();
}
Task<> take(Semaphore& semaphore, std::uint64_t n) { co_await semaphore.acquire(n); }
Task<> receive_one(Channel<int>& channel) { co_await channel.receive(); }
Task<> sleep_once(Loop& loop, Duration d) { co_await sleep_for(loop, d); }
Task<> tick(Loop& loop) {
  for (;;) {
    co_await sleep_for(loop, seconds(1));
  }
}

TEST(Deadlock, NamesEveryTaskAndWhatItWaitsFor) {
  Loop loop(42);
  TaskGroup group(loop);
  Event open(loop, "the gate to open");
  Semaphore slots(loop, 1, "an RPC slot");
  Channel<int> replies(loop, "a reply");
  group.spawn(wait_event(open), "reader 3");
  group.spawn(take_twice(slots), "writer 1");
  group.spawn(receive_one(replies), "client 9");
  group.spawn(sleep_once(loop, microseconds(25)), "one who ends");
  const Status status = run_virtual(loop);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.code(), Errc::timed_out);
  const std::string& message = status.error().message;
  EXPECT_THAT(message, HasSubstr("reader 3 waits for the gate to open\n"));
  EXPECT_THAT(message, HasSubstr("writer 1 waits for an RPC slot\n"));
  EXPECT_THAT(message, HasSubstr("client 9 waits for a reply\n"));
  EXPECT_THAT(message, HasSubstr("deadlock at 25 us (seed 42)"));
  EXPECT_THAT(message, Not(HasSubstr("one who ends")));
}

std::string message_of(int waiting) {
  Loop loop(1);
  TaskGroup group(loop);
  Event never(loop);
  for (int i = 0; i < waiting; ++i) {
    group.spawn(wait_event(never), "task " + std::to_string(i));
  }
  return run_virtual(loop).error().message;
}

TEST(Deadlock, ListsEightAndCountsTheRest) {
  EXPECT_THAT(message_of(8), HasSubstr("task 7 waits"));
  EXPECT_THAT(message_of(8), Not(HasSubstr("more")));
  EXPECT_THAT(message_of(9), Not(HasSubstr("task 8 waits")));
  EXPECT_THAT(message_of(9), HasSubstr("and 1 more"));
}

TEST(Deadlock, DaemonsAloneAreNotWorkAndAreNotNamed) {
  Loop loop(1);
  TaskGroup group(loop);
  Event never(loop);
  group.spawn(tick(loop), "ticker", TaskKind::daemon);
  group.spawn(wait_event(never), "reader", TaskKind::normal);
  const Status status = run_virtual(loop, seconds(100));
  ASSERT_FALSE(status.ok());
  EXPECT_THAT(status.error().message, HasSubstr("reader waits for an event"));
  EXPECT_THAT(status.error().message, Not(HasSubstr("ticker")));
  EXPECT_EQ(loop.now(), TimePoint() + seconds(101)) << "the first tick past the patience";
}

Task<> set_after(Loop& loop, Event& event, Duration d) {
  co_await sleep_for(loop, d);
  event.set();
}

Status run_woken_by_daemon(Duration d) {
  Loop loop(1);
  TaskGroup group(loop);
  Event event(loop);
  group.spawn(wait_event(event), "reader");
  group.spawn(set_after(loop, event, d), "setter", TaskKind::daemon);
  return run_virtual(loop, seconds(100));
}

TEST(Deadlock, ADaemonMayWakeWorkUpToThePatienceAndNoLater) {
  EXPECT_TRUE(run_woken_by_daemon(seconds(100)).ok());
  EXPECT_FALSE(run_woken_by_daemon(seconds(100) + nanoseconds(1)).ok());
}

TEST(Deadlock, ASleepLongerThanThePatienceIsWork) {
  Loop loop(1);
  TaskGroup group(loop);
  group.spawn(tick(loop), "ticker", TaskKind::daemon);
  group.spawn(sleep_once(loop, seconds(500)), "sleeper");
  EXPECT_TRUE(run_virtual(loop, seconds(100)).ok());
  EXPECT_EQ(loop.now(), TimePoint() + seconds(500));
}

TEST(Deadlock, TheTasksCanStillBeCancelledAfterwards) {
  Loop loop(1);
  Semaphore slots(loop, 1);
  TaskGroup stays(loop);
  TaskGroup doomed(loop);
  {
    TaskGroup brief(loop);
    brief.spawn(sleep_once(loop, seconds(5)), "brief");
    ASSERT_TRUE(loop.step());
  }
  doomed.spawn(take(slots, 2), "doomed");
  stays.spawn(take(slots, 1), "behind");
  ASSERT_FALSE(run_virtual(loop).ok());
  doomed.cancel_all();
  EXPECT_TRUE(run_virtual(loop).ok());
}

}  // namespace
}  // namespace sim
