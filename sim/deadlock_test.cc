// A run in which nothing can come any more ends with a message that names who waits for what.
#include <gmock/gmock.h>

#include <list>
#include <string>
#include <vector>

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

Task<> set_after(Loop& loop, Event& event, Duration d) {
  co_await sleep_for(loop, d);
  event.set();
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

Task<> fan_out(Loop& loop, std::vector<Task<>> parts) { co_await when_all(loop, parts); }
Task<int> give_one(Event& event) {
  co_await event.wait();
  co_return 1;
}
Task<> limited(Loop& loop, Task<int> task) {
  co_await with_timeout(loop, std::move(task), seconds(1));
  Event never(loop, "the end of days");
  co_await never.wait();
}
Task<> wait_and_wait(Event& first, Event& second) {
  co_await first.wait();
  co_await second.wait();
}

// Of four parts one never waits, one has ended, two still wait; the one that has ended waited last.
TEST(Deadlock, NamesWhatEachPartStillWaitsForAndNoneThatHasEnded) {
  Loop loop(1);
  TaskGroup group(loop);
  Event tape(loop, "the tape");
  Event disk(loop, "the disk");
  Event brief(loop, "a short while");
  std::vector<Task<>> parts;
  parts.push_back(wait_event(tape));
  parts.push_back(sleep_once(loop, Duration()));
  parts.push_back(wait_event(disk));
  parts.push_back(wait_event(brief));
  group.spawn(fan_out(loop, std::move(parts)), "reader");
  group.spawn(set_after(loop, brief, seconds(1)), "setter");
  EXPECT_THAT(run_virtual(loop).error().message,
              HasSubstr("reader waits for the tape, the disk\n"));
}

TEST(Deadlock, CountsPartsThatWaitForTheSameAndNamesTheWaitOfNow) {
  Loop loop(1);
  TaskGroup group(loop);
  Event early(loop, "the early bird");
  Event ost(loop, "OST0003");
  early.set();
  std::vector<Task<>> parts;
  for (int i = 0; i < 3; ++i) {
    parts.push_back(wait_and_wait(early, ost));
  }
  group.spawn(fan_out(loop, std::move(parts)), "reader");
  group.spawn(limited(loop, give_one(ost)), "hasty");
  const std::string message = run_virtual(loop).error().message;
  EXPECT_THAT(message, HasSubstr("reader waits for OST0003 (3 times)\n"));
  EXPECT_THAT(message, HasSubstr("hasty waits for the end of days\n"));
}

TEST(Deadlock, NamesEightPlacesOfATaskAndCountsTheRest) {
  for (const int places : {8, 9}) {
    Loop loop(1);
    TaskGroup group(loop);
    std::list<std::string> names;
    std::list<Event> events;
    std::vector<Task<>> parts;
    for (int i = 0; i < places; ++i) {
      names.push_back("place " + std::to_string(i));
      parts.push_back(wait_event(events.emplace_back(loop, names.back())));
    }
    group.spawn(fan_out(loop, std::move(parts)), "reader");
    const std::string message = run_virtual(loop).error().message;
    EXPECT_THAT(message, HasSubstr(places == 8 ? ", place 7\n" : ", place 7 and 1 more places\n"));
  }
}

TEST(Deadlock, ADaemonThatWaitsForMoreThanTimeIsNamedBehindTheWork) {
  Loop loop(1);
  TaskGroup group(loop);
  Event written(loop, "dirty data to be written");
  Semaphore slots(loop, 1, "OST0000");
  group.spawn(take_twice(slots), "write-back", TaskKind::daemon);
  group.spawn(wait_event(written), "writer");
  EXPECT_THAT(run_virtual(loop).error().message,
              HasSubstr("  writer waits for dirty data to be written\n"
                        "  daemon write-back waits for OST0000\n"));
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
