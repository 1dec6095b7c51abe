#include "sim/timeline.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <vector>

#include "sim/rng.h"

namespace sim {
namespace {

StageTimes times_of(const Timeline& timeline) {
  StageTimes times{};
  timeline.add_to(times);
  return times;
}

TEST(Stage, EveryStageHasItsOwnName) {
  std::set<std::string_view> names;
  for (std::size_t s = 0; s < kStages; ++s) {
    names.insert(stage_name(static_cast<Stage>(s)));
  }
  EXPECT_EQ(names.size(), kStages);
  EXPECT_EQ(stage_name(Stage::dispatch), "dispatch");
  EXPECT_EQ(stage_name(Stage::gather), "gather");
}

TEST(Timeline, SpansFollowInOrderAndNeighboursOfOneStageAreOne) {
  Timeline t(TimePoint(10), Stage::dispatch);
  t.enter(Stage::lock, TimePoint(13));
  t.enter(Stage::lock, TimePoint(14));
  t.enter(Stage::slot, TimePoint(20));
  t.enter(Stage::gather, TimePoint(20));  // no time in slot: no span
  t.finish(TimePoint(21));
  ASSERT_EQ(t.spans().size(), 3u);
  EXPECT_EQ(at(times_of(t), Stage::dispatch), Duration(3));
  EXPECT_EQ(at(times_of(t), Stage::lock), Duration(7));
  EXPECT_EQ(at(times_of(t), Stage::gather), Duration(1));
}

constexpr ServerTimes kServer{Duration(1), Duration(2), Duration(3), Duration(4)};

TEST(Timeline, ACallIsSplitIntoTransitServerAndReply) {
  Timeline t(TimePoint(0), Stage::fabric);
  t.leave_call(kServer, {{Duration(5), Duration(6)}, {}}, Stage::gather, TimePoint(100));
  const StageTimes times = times_of(t);
  EXPECT_EQ(at(times, Stage::client_nic), Duration(5));
  EXPECT_EQ(at(times, Stage::fabric), Duration(6));
  EXPECT_EQ(at(times, Stage::server_queue), Duration(1));
  EXPECT_EQ(at(times, Stage::server_cpu), Duration(2));
  EXPECT_EQ(at(times, Stage::device_queue), Duration(3));
  EXPECT_EQ(at(times, Stage::device), Duration(4));
  EXPECT_EQ(at(times, Stage::reply), Duration(79));
  EXPECT_EQ(total(times), Duration(100));
  EXPECT_EQ(t.stage(), Stage::gather);
}

TEST(Timeline, ProcessorsOfTheWaysAreTheClientsAndTheServers) {
  const Transit request{Duration(10), Duration(20), Duration(100), Duration(200)};
  const Transit reply{Duration(40), Duration(70), Duration(400), Duration(800)};
  const std::int64_t passed = 10 + 20 + 100 + 200 + 1 + 2 + 3 + 4 + 40 + 70 + 400 + 800;
  Timeline t(TimePoint(0), Stage::fabric);
  t.leave_call(kServer, {request, reply}, Stage::gather, TimePoint(passed));
  const StageTimes times = times_of(t);
  EXPECT_EQ(at(times, Stage::client_cpu), Duration(100 + 800));
  EXPECT_EQ(at(times, Stage::client_nic), Duration(10));
  EXPECT_EQ(at(times, Stage::fabric), Duration(20));
  EXPECT_EQ(at(times, Stage::server_queue), Duration(1));
  EXPECT_EQ(at(times, Stage::server_cpu), Duration(200 + 2 + 400));
  EXPECT_EQ(at(times, Stage::device_queue), Duration(3));
  EXPECT_EQ(at(times, Stage::device), Duration(4));
  EXPECT_EQ(at(times, Stage::reply), Duration(40 + 70)) << "what nobody claims is the reply's";
}

TEST(Timeline, StagesOfACallStandInTheOrderOfTheWay) {
  Timeline t(TimePoint(0), Stage::fabric);
  t.leave_call(kServer,
               {{Duration(1), Duration(1), Duration(1), Duration(1)},
                {Duration(1), Duration(1), Duration(1), Duration(1)}},
               Stage::gather, TimePoint(100));
  std::vector<Stage> order;
  for (const Timeline::Span& span : t.spans()) {
    order.push_back(span.stage());
  }
  EXPECT_EQ(order, (std::vector<Stage>{Stage::client_cpu, Stage::client_nic, Stage::fabric,
                                       Stage::server_cpu, Stage::server_queue, Stage::server_cpu,
                                       Stage::device_queue, Stage::device, Stage::server_cpu,
                                       Stage::reply, Stage::client_cpu}));
}

TEST(Timeline, ARequestThatPaidOnlyProcessorsHasToldItsWay) {
  Timeline t(TimePoint(0), Stage::fabric);
  t.leave_call({}, {{{}, {}, Duration(1), {}}, {}}, Stage::gather, TimePoint(10));
  EXPECT_EQ(at(times_of(t), Stage::reply), Duration(9));
  EXPECT_EQ(at(times_of(t), Stage::fabric), Duration());
}

TEST(Timeline, WithoutTransitRequestAndReplyAreFabric) {
  Timeline t(TimePoint(0), Stage::fabric);
  t.leave_call(kServer, {}, Stage::gather, TimePoint(100));
  EXPECT_EQ(at(times_of(t), Stage::fabric), Duration(90));
  EXPECT_EQ(at(times_of(t), Stage::reply), Duration());
}

TEST(Timeline, AServerThatClaimsMoreThanPassedGetsNoMore) {
  for (const std::int64_t passed : {0, 1, 9, 10, 11}) {
    Timeline t(TimePoint(0), Stage::fabric);
    t.leave_call(kServer, {}, Stage::gather, TimePoint(passed));
    const StageTimes times = times_of(t);
    EXPECT_EQ(total(times), Duration(passed));
    EXPECT_EQ(at(times, Stage::device), Duration(std::clamp<std::int64_t>(passed - 6, 0, 4)));
    EXPECT_EQ(at(times, Stage::fabric), Duration(std::max<std::int64_t>(passed - 10, 0)));
  }
}

TEST(Timeline, NegativeClaimsAreIgnored) {
  Timeline t(TimePoint(0), Stage::fabric);
  t.leave_call({Duration(-5), Duration(3), {}, {}}, {}, Stage::gather, TimePoint(10));
  EXPECT_EQ(at(times_of(t), Stage::server_queue), Duration());
  EXPECT_EQ(at(times_of(t), Stage::fabric), Duration(7));
}

// From 100: 10 of lock, 20 of fabric, 30 of device; ends at 160.
Timeline part_from_100() {
  Timeline part(TimePoint(100), Stage::lock);
  part.enter(Stage::fabric, TimePoint(110));
  part.enter(Stage::device, TimePoint(130));
  part.finish(TimePoint(160));
  return part;
}

void expect_adopted(std::int64_t wait_from, std::int64_t gather, std::int64_t lock,
                    std::int64_t fabric, std::int64_t device) {
  Timeline t(TimePoint(0), Stage::dispatch);
  t.enter(Stage::gather, TimePoint(wait_from));
  t.adopt(part_from_100(), Stage::reply, TimePoint(160));
  t.finish(TimePoint(165));
  const StageTimes times = times_of(t);
  EXPECT_EQ(at(times, Stage::dispatch), Duration(wait_from));
  EXPECT_EQ(at(times, Stage::gather), Duration(gather));
  EXPECT_EQ(at(times, Stage::lock), Duration(lock));
  EXPECT_EQ(at(times, Stage::fabric), Duration(fabric));
  EXPECT_EQ(at(times, Stage::device), Duration(device));
  EXPECT_EQ(at(times, Stage::reply), Duration(5));
  EXPECT_EQ(total(times), Duration(165));
}

TEST(Timeline, AdoptTakesOfThePartWhatLiesWithinTheWait) {
  expect_adopted(100, 0, 10, 20, 30);  // the part is the wait
  expect_adopted(101, 0, 9, 20, 30);   // the part had begun before
  expect_adopted(115, 0, 0, 15, 30);
  expect_adopted(160, 0, 0, 0, 0);    // it had ended when the wait began
  expect_adopted(93, 7, 10, 20, 30);  // the part began later: until then it was the wait's stage
}

TEST(Timeline, AppendTakesPartsWholeAndTheRestGoesToTheStageEntered) {
  Timeline t(TimePoint(100), Stage::gather);
  t.append(part_from_100(), Stage::gather, TimePoint(160));
  t.append(part_from_100(), Stage::gather, TimePoint(300));
  t.finish(TimePoint(300));
  const StageTimes times = times_of(t);
  EXPECT_EQ(at(times, Stage::lock), Duration(20));
  EXPECT_EQ(at(times, Stage::fabric), Duration(40));
  EXPECT_EQ(at(times, Stage::device), Duration(60));
  EXPECT_EQ(at(times, Stage::gather), Duration(80));
  EXPECT_EQ(total(times), Duration(200));
}

TEST(TimelineDeathTest, AppendRefusesMoreThanPassed) {
  Timeline t(TimePoint(100), Stage::gather);
  t.append(part_from_100(), Stage::gather, TimePoint(160));
  EXPECT_DEATH(t.append(part_from_100(), Stage::gather, TimePoint(219)), "longer than the whole");
}

TEST(Timeline, WhateverHappensTheSpansSumToTheLatency) {
  Rng rng(3);
  const auto stage = [&] { return static_cast<Stage>(rng.below(kStages)); };
  const auto time = [&] { return Duration(static_cast<std::int64_t>(rng.below(50))); };
  for (int run = 0; run < 2000; ++run) {
    TimePoint now(static_cast<std::int64_t>(rng.below(1000)));
    const TimePoint begin = now;
    Timeline t(begin, stage());
    for (int step = 0; step < 20; ++step) {
      const TimePoint before = now;
      now = now + time();
      if (const auto kind = rng.below(3); kind == 0) {
        t.enter(stage(), now);
      } else if (kind == 1) {
        t.leave_call({time(), time(), time(), time()},
                     {{time(), time(), time(), time()}, {time(), time(), time(), time()}}, stage(),
                     now);
      } else {
        Timeline part(before - time() + time(), stage());
        now = std::max(now, before + Duration(50));
        part.enter(stage(), before + Duration(50));
        part.finish(now);
        t.adopt(part, stage(), now);
      }
    }
    t.finish(now);
    ASSERT_EQ(total(times_of(t)), now - begin) << run;
  }
}

}  // namespace
}  // namespace sim
