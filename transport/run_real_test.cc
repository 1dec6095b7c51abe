#include "transport/run_real.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <functional>
#include <vector>

#include "sim/sync.h"

namespace transport {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const RealRunLimits kBounded{.wall = sim::seconds(60), .patience = sim::seconds(60)};

sim::Task<> sleep(sim::Loop& loop, sim::Duration d) { co_await sim::sleep_for(loop, d); }

sim::Task<> wait(sim::Event& event) { co_await event.wait(); }

sim::Task<> tick_forever(sim::Loop& loop) {
  while (true) {
    co_await sim::sleep_for(loop, sim::milliseconds(1));
  }
}

struct RunReal : ::testing::Test {
  sim::Loop loop{7};
  boost::asio::io_context io;
  RealTime time{loop};
  sim::Event event{loop, "the test's event"};
  sim::TaskGroup tasks{loop};
};

TEST_F(RunReal, EndsAtOnceWithoutTasks) { EXPECT_TRUE(run_real(time, io, kBounded).ok()); }

TEST_F(RunReal, ADeadlineIsNeverMetEarly) {
  tasks.spawn(sleep(loop, sim::microseconds(1500)), "sleeper");
  const sim::TimePoint begin = loop.now();
  ASSERT_TRUE(run_real(time, io, kBounded).ok());
  EXPECT_GE(loop.now() - begin, sim::microseconds(1500));
}

TEST_F(RunReal, DeadlinesAreMetInTheirOrder) {
  std::vector<int> order;
  const auto note = [](sim::Loop& l, int us, std::vector<int>& out) -> sim::Task<> {
    co_await sim::sleep_for(l, sim::microseconds(us));
    out.push_back(us);
  };
  for (const int us : {300, 100, 200}) {
    tasks.spawn(note(loop, us, order), "sleeper");
  }
  ASSERT_TRUE(run_real(time, io, kBounded).ok());
  EXPECT_THAT(order, ElementsAre(100, 200, 300));
}

TEST_F(RunReal, ACompletionWakesATask) {
  tasks.spawn(wait(event), "waiter");
  boost::asio::post(io, [&] {
    time.tell();
    event.set();
  });
  EXPECT_TRUE(run_real(time, io, kBounded).ok());
}

TEST_F(RunReal, TimePassesAcrossRealWork) {
  tasks.spawn(wait(event), "waiter");
  sim::TimePoint before;
  sim::TimePoint work_done;
  boost::asio::post(io, [&] {
    time.tell();
    before = loop.now();
    do {
      work_done = time.now();
    } while (work_done - before < sim::microseconds(100));
  });
  sim::TimePoint after;
  boost::asio::post(io, [&] {
    time.tell();
    after = loop.now();
    event.set();
  });
  ASSERT_TRUE(run_real(time, io, kBounded).ok());
  EXPECT_GE(after, work_done);
}

TEST_F(RunReal, NothingDueAndNothingPendingIsADeadlockThatNamesTheWaiter) {
  tasks.spawn(wait(event), "lonely");
  const auto status = run_real(time, io, kBounded);
  EXPECT_EQ(status.code(), sim::Errc::timed_out);
  EXPECT_THAT(status.error().message, HasSubstr("nothing is due and no operation is pending"));
  EXPECT_THAT(status.error().message, HasSubstr("lonely waits for the test's event"));
  EXPECT_THAT(status.error().message, HasSubstr("seed 7"));
}

TEST_F(RunReal, WhenOnlyDaemonsMoveForTooLongItIsADeadlock) {
  tasks.spawn(tick_forever(loop), "ticker", sim::TaskKind::daemon);
  tasks.spawn(wait(event), "lonely");
  const auto status =
      run_real(time, io, {.wall = sim::seconds(60), .patience = sim::milliseconds(5)});
  EXPECT_EQ(status.code(), sim::Errc::timed_out);
  EXPECT_THAT(status.error().message, HasSubstr("nothing but daemons moves"));
}

TEST_F(RunReal, APendingOperationIsWaitedForWithinPatience) {
  const auto pending = boost::asio::make_work_guard(io);
  tasks.spawn(wait(event), "lonely");
  const auto status =
      run_real(time, io, {.wall = sim::seconds(60), .patience = sim::milliseconds(5)});
  EXPECT_THAT(status.error().message, HasSubstr("nothing but daemons moves"));
}

TEST_F(RunReal, TheWallLimitEndsARunThatIsNotDone) {
  tasks.spawn(sleep(loop, sim::seconds(3600)), "long sleeper");
  const auto status =
      run_real(time, io, {.wall = sim::milliseconds(3), .patience = sim::seconds(60)});
  EXPECT_EQ(status.code(), sim::Errc::timed_out);
  EXPECT_THAT(status.error().message, HasSubstr("not done within 3 ms"));
  EXPECT_THAT(status.error().message, HasSubstr("long sleeper waits for time to pass"));
}

TEST_F(RunReal, UnlimitedLimitsAreAllowed) {
  tasks.spawn(sleep(loop, sim::microseconds(1)), "sleeper");
  EXPECT_TRUE(run_real(time, io, {sim::Duration::max(), sim::Duration::max()}).ok());
}

TEST_F(RunReal, ProgressIsToldNowAndThen) {
  int told = 0;
  RealRunLimits limits = kBounded;
  limits.progress = [&] { ++told; };
  tasks.spawn(wait(event), "waiter");
  std::function<void()> again = [&] {
    time.tell();
    told == 0 ? boost::asio::post(io, again) : event.set();
  };
  boost::asio::post(io, again);
  ASSERT_TRUE(run_real(time, io, limits).ok());
  EXPECT_EQ(told, 1);
}

TEST_F(RunReal, TimeStandsStillBetweenRuns) {
  tasks.spawn(sleep(loop, sim::microseconds(10)), "sleeper");
  ASSERT_TRUE(run_real(time, io, kBounded).ok());
  const sim::TimePoint end = loop.now();
  while (time.now() < end + sim::milliseconds(20)) {
  }
  time.start();
  EXPECT_LT(time.now() - end, time.now() - sim::TimePoint());
  EXPECT_EQ(loop.now(), end);
  tasks.spawn(sleep(loop, sim::microseconds(10)), "sleeper");
  ASSERT_TRUE(run_real(time, io, kBounded).ok());
  EXPECT_GE(loop.now() - end, sim::microseconds(10));
}

}  // namespace
}  // namespace transport
