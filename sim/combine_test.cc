#include "sim/combine.h"

#include <gtest/gtest.h>

#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "sim/sync.h"

namespace sim {
namespace {

Task<int> result_after(Loop& loop, Duration d, int value) {
  co_await sleep_for(loop, d);
  co_return value;
}

struct Outcome {
  std::optional<int> value;
  TimePoint at;
};

Task<> limited(Loop& loop, Task<int> task, Duration limit, Outcome& out) {
  out.value = co_await with_timeout(loop, std::move(task), limit);
  out.at = loop.now();
}

Outcome run_limited(Duration work, Duration limit) {
  Loop loop(1);
  TaskGroup group(loop);
  Outcome out;
  group.spawn(limited(loop, result_after(loop, work, 7), limit, out), "limited");
  EXPECT_TRUE(run_virtual(loop).ok());
  EXPECT_EQ(loop.pending(), 1u) << "only the task's removal: neither timer is left";
  return out;
}

TEST(WithTimeout, OneNanosecondBelowTheLimitTheResultCounts) {
  const Outcome out = run_limited(nanoseconds(99), nanoseconds(100));
  EXPECT_EQ(out.value, 7);
  EXPECT_EQ(out.at, TimePoint(99));
}

TEST(WithTimeout, AtTheLimitTheLimitWinsBecauseItWasScheduledFirst) {
  const Outcome out = run_limited(nanoseconds(100), nanoseconds(100));
  EXPECT_EQ(out.value, std::nullopt);
  EXPECT_EQ(out.at, TimePoint(100));
}

TEST(WithTimeout, PastTheLimitTheTaskIsCancelledAtTheLimit) {
  const Outcome out = run_limited(nanoseconds(101), nanoseconds(100));
  EXPECT_EQ(out.value, std::nullopt);
  EXPECT_EQ(out.at, TimePoint(100));
}

TEST(WithTimeout, AResultAtOnceNeedsNoTime) {
  EXPECT_EQ(run_limited(Duration(), nanoseconds(1)).value, 7);
  EXPECT_EQ(run_limited(Duration(), Duration()).value, 7);
}

TEST(WithTimeout, TheShorterOfTwoNestedLimitsHolds) {
  struct Nested {
    static Task<int> inner(Loop& loop, Duration limit) {
      const auto r = co_await with_timeout(loop, result_after(loop, nanoseconds(50), 1), limit);
      co_return r ? *r : -1;
    }
  };
  for (const auto& [outer, inner, expected, at] :
       {std::tuple(60, 40, std::optional(-1), 40), std::tuple(40, 60, std::optional<int>(), 40),
        std::tuple(60, 70, std::optional(1), 50)}) {
    Loop loop(1);
    TaskGroup group(loop);
    Outcome out;
    group.spawn(limited(loop, Nested::inner(loop, nanoseconds(inner)), nanoseconds(outer), out),
                "nested");
    EXPECT_TRUE(run_virtual(loop).ok());
    EXPECT_EQ(out.value, expected);
    EXPECT_EQ(out.at, TimePoint(at));
  }
}

Task<> tick(Loop& loop) {
  for (;;) {
    co_await sleep_for(loop, seconds(1));
  }
}

Task<int> wait_forever(Event& event) {
  co_await event.wait();
  co_return 0;
}

TEST(WithTimeout, ALimitLongerThanThePatienceIsNoDeadlock) {
  Loop loop(1);
  TaskGroup group(loop);
  Event never(loop);
  Outcome out;
  group.spawn(tick(loop), "ticker", TaskKind::daemon);
  group.spawn(limited(loop, wait_forever(never), seconds(100), out), "limited");
  EXPECT_TRUE(run_virtual(loop, seconds(10)).ok());
  EXPECT_EQ(out.at, TimePoint() + seconds(100));
}

Task<> gather(Loop& loop, std::vector<Duration> delays, std::vector<int>& out, TimePoint& at) {
  std::vector<Task<int>> parts;
  for (std::size_t i = 0; i < delays.size(); ++i) {
    parts.push_back(result_after(loop, delays[i], static_cast<int>(i)));
  }
  co_await when_all(loop, parts);
  at = loop.now();
  for (Task<int>& part : parts) {
    out.push_back(part.take());
  }
}

void expect_gathered(const std::vector<Duration>& delays, TimePoint end) {
  Loop loop(1);
  TaskGroup group(loop);
  std::vector<int> out;
  TimePoint at;
  group.spawn(gather(loop, delays, out, at), "gather");
  EXPECT_TRUE(run_virtual(loop).ok());
  EXPECT_EQ(at, end);
  ASSERT_EQ(out.size(), delays.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    EXPECT_EQ(out[i], static_cast<int>(i));
  }
}

TEST(WhenAll, WaitsForTheSlowestWhereverItStands) {
  expect_gathered({nanoseconds(5), nanoseconds(9), nanoseconds(1)}, TimePoint(9));
  expect_gathered({nanoseconds(9), nanoseconds(5), nanoseconds(5)}, TimePoint(9));
  expect_gathered({nanoseconds(1), nanoseconds(1), nanoseconds(9)}, TimePoint(9));
}

TEST(WhenAll, PartsThatEndAtOnceCountToo) {
  expect_gathered({}, TimePoint(0));
  expect_gathered({Duration()}, TimePoint(0));
  expect_gathered({Duration(), Duration(), Duration()}, TimePoint(0));
  expect_gathered({Duration(), nanoseconds(4), Duration()}, TimePoint(4));
}

}  // namespace
}  // namespace sim
