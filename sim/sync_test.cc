#include "sim/sync.h"

#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <vector>

namespace sim {
namespace {

using testing::ElementsAre;

using Log = std::vector<std::string>;

class SyncTest : public testing::Test {
 protected:
  void run() { ASSERT_TRUE(run_virtual(loop_).ok()); }
  void drain() {
    while (loop_.step()) {
    }
  }
  Loop loop_{1};
  Log log_;
  TaskGroup group_{loop_};
};

Task<> sleep_then_note(Loop& loop, Log& log, std::string name, Duration d) {
  co_await sleep_for(loop, d);
  log.push_back(name);
}

TEST_F(SyncTest, SleepersWakeByTimeThenByOrderOfFallingAsleep) {
  group_.spawn(sleep_then_note(loop_, log_, "late", nanoseconds(2)), "late");
  group_.spawn(sleep_then_note(loop_, log_, "first", nanoseconds(1)), "first");
  group_.spawn(sleep_then_note(loop_, log_, "second", nanoseconds(1)), "second");
  run();
  EXPECT_THAT(log_, ElementsAre("first", "second", "late"));
  EXPECT_EQ(loop_.now(), TimePoint(2));
}

TEST_F(SyncTest, SleepingForNoTimeOrIntoThePastIsNoEvent) {
  group_.spawn(sleep_then_note(loop_, log_, "none", Duration()), "none");
  group_.spawn(sleep_then_note(loop_, log_, "past", Duration(-5)), "past");
  run();
  EXPECT_THAT(log_, ElementsAre("none", "past"));
  EXPECT_EQ(loop_.events(), 2u);  // the two starts
}

Task<> wait_event(Event& event, Log& log, std::string name) {
  co_await event.wait();
  log.push_back(name);
}

TEST_F(SyncTest, AnEventWakesAllInOrderAndLetsThroughWhoComesLater) {
  Event event(loop_);
  group_.spawn(wait_event(event, log_, "a"), "a");
  group_.spawn(wait_event(event, log_, "b"), "b");
  drain();
  EXPECT_TRUE(log_.empty());
  event.set();
  EXPECT_TRUE(log_.empty());  // resumed by the loop, not by the one who sets
  group_.spawn(wait_event(event, log_, "c"), "c");
  run();
  EXPECT_THAT(log_, ElementsAre("a", "b", "c"));
}

TEST_F(SyncTest, AnEventResetMakesNewcomersWaitButNotThoseAlreadyWoken) {
  Event event(loop_);
  group_.spawn(wait_event(event, log_, "a"), "a");
  drain();
  event.set();
  event.reset();
  group_.spawn(wait_event(event, log_, "b"), "b");
  drain();
  EXPECT_THAT(log_, ElementsAre("a"));
}

Task<> acquire(Semaphore& semaphore, std::uint64_t n, Log& log, std::string name) {
  co_await semaphore.acquire(n);
  log.push_back(name);
}

TEST_F(SyncTest, PermitsAreGivenInTheOrderOfAsking) {
  Semaphore semaphore(loop_, 0);
  for (const char* name : {"a", "b", "c"}) {
    group_.spawn(acquire(semaphore, 1, log_, name), name);
  }
  drain();
  semaphore.release(2);
  drain();
  EXPECT_THAT(log_, ElementsAre("a", "b"));
  semaphore.release();
  drain();
  EXPECT_THAT(log_, ElementsAre("a", "b", "c"));
  EXPECT_EQ(semaphore.available(), 0u);
}

TEST_F(SyncTest, ALargeRequestIsNotOvertakenBySmallOnes) {
  Semaphore semaphore(loop_, 3);
  group_.spawn(acquire(semaphore, 4, log_, "large"), "large");
  group_.spawn(acquire(semaphore, 1, log_, "small"), "small");
  drain();
  EXPECT_TRUE(log_.empty());
  EXPECT_FALSE(semaphore.try_acquire(1));
  EXPECT_TRUE(semaphore.has_waiters());
  semaphore.release();
  drain();
  EXPECT_THAT(log_, ElementsAre("large"));
  semaphore.release(1);
  drain();
  EXPECT_THAT(log_, ElementsAre("large", "small"));
}

TEST_F(SyncTest, WhenALargeRequestIsCancelledTheSmallOnesBehindItGoOn) {
  Semaphore semaphore(loop_, 3);
  TaskGroup doomed(loop_);
  doomed.spawn(acquire(semaphore, 4, log_, "large"), "large");
  group_.spawn(acquire(semaphore, 2, log_, "small"), "small");
  drain();
  doomed.cancel_all();
  run();
  EXPECT_THAT(log_, ElementsAre("small"));
  EXPECT_EQ(semaphore.available(), 1u);
}

TEST_F(SyncTest, PermitsHandedToACancelledWaiterGoToTheNext) {
  Semaphore semaphore(loop_, 0);
  TaskGroup doomed(loop_);
  doomed.spawn(acquire(semaphore, 2, log_, "doomed"), "doomed");
  group_.spawn(acquire(semaphore, 1, log_, "next"), "next");
  drain();
  semaphore.release(2);  // handed over; the waiter has not resumed yet
  EXPECT_EQ(semaphore.available(), 0u);
  doomed.cancel_all();
  run();
  EXPECT_THAT(log_, ElementsAre("next"));
  EXPECT_EQ(semaphore.available(), 1u);
}

TEST_F(SyncTest, ExactlyTheAvailablePermitsCanBeTakenAtOnce) {
  Semaphore semaphore(loop_, 3);
  EXPECT_FALSE(semaphore.try_acquire(4));
  EXPECT_TRUE(semaphore.try_acquire(3));
  EXPECT_FALSE(semaphore.try_acquire(1));
  EXPECT_TRUE(semaphore.try_acquire(0));
}

using Box = std::unique_ptr<int>;

Task<> receive(Channel<Box>& channel, Log& log, std::string name) {
  const Box value = co_await channel.receive();
  log.push_back(name + std::to_string(*value));
}

TEST_F(SyncTest, ValuesSentBeforeAndAfterArriveInOrder) {
  Channel<Box> channel(loop_);
  channel.send(std::make_unique<int>(1));
  channel.send(std::make_unique<int>(2));
  for (const char* name : {"a", "b", "c", "d"}) {
    group_.spawn(receive(channel, log_, name), name);
  }
  drain();
  EXPECT_THAT(log_, ElementsAre("a1", "b2"));
  EXPECT_TRUE(channel.has_receiver());
  channel.send(std::make_unique<int>(3));
  channel.send(std::make_unique<int>(4));
  EXPECT_FALSE(channel.has_receiver());
  run();
  EXPECT_THAT(log_, ElementsAre("a1", "b2", "c3", "d4"));
  EXPECT_EQ(channel.size(), 0u);
}

TEST_F(SyncTest, AValueHandedToACancelledReceiverGoesToTheNext) {
  Channel<Box> channel(loop_);
  TaskGroup doomed(loop_);
  doomed.spawn(receive(channel, log_, "doomed"), "doomed");
  group_.spawn(receive(channel, log_, "next"), "next");
  drain();
  channel.send(std::make_unique<int>(1));
  doomed.cancel_all();
  run();
  EXPECT_THAT(log_, ElementsAre("next1"));
}

TEST_F(SyncTest, ValuesOfCancelledReceiversGoBackToTheFrontInOrder) {
  Channel<Box> channel(loop_);
  TaskGroup doomed(loop_);
  doomed.spawn(receive(channel, log_, "x"), "x");
  doomed.spawn(receive(channel, log_, "y"), "y");
  drain();
  for (const int n : {1, 2, 3}) {
    channel.send(std::make_unique<int>(n));
  }
  doomed.cancel_all();
  EXPECT_EQ(channel.size(), 3u);
  for (const char* name : {"a", "b", "c"}) {
    group_.spawn(receive(channel, log_, name), name);
  }
  run();
  EXPECT_THAT(log_, ElementsAre("a1", "b2", "c3"));
}

}  // namespace
}  // namespace sim
