#include "sim/host.h"

#include <gtest/gtest.h>

namespace sim {
namespace {

Task<> work(Loop& loop, Host& host, Work kind, Bytes n, TimePoint& end) {
  co_await host.perform(kind, n);
  end = loop.now();
}

Duration time_of(const HostProfile& profile, Work kind, Bytes n) {
  Loop loop(1);
  ModelledHost host(loop, "node", profile);
  TaskGroup group(loop);
  TimePoint end;
  group.spawn(work(loop, host, kind, n, end), "work");
  EXPECT_TRUE(run_virtual(loop).ok());
  return end - TimePoint();
}

TEST(ModelledHost, ARequestCostsTheSameWhateverItsSize) {
  const HostProfile profile{.request = microseconds(7), .copy = {}, .checksum = {}};
  EXPECT_EQ(time_of(profile, Work::request, 0), microseconds(7));
  EXPECT_EQ(time_of(profile, Work::request, kGiB), microseconds(7));
}

TEST(ModelledHost, CopiesAndChecksumsCostTheirOwnRates) {
  const HostProfile profile{.copy = Rate(kGiB), .checksum = Rate(2 * kGiB)};
  EXPECT_EQ(time_of(profile, Work::copy, kGiB), seconds(1));
  EXPECT_EQ(time_of(profile, Work::checksum, kGiB), milliseconds(500));
  EXPECT_EQ(time_of(profile, Work::copy, 0), Duration());
}

TEST(ModelledHost, ACachedCallCostsItsOwnTimeAndTheCopy) {
  const HostProfile profile{.call = microseconds(3), .copy = Rate(kGiB), .checksum = {}};
  EXPECT_EQ(time_of(profile, Work::cached_call, 0), microseconds(3));
  EXPECT_EQ(time_of(profile, Work::cached_call, kGiB), seconds(1) + microseconds(3));
  EXPECT_EQ(time_of(profile, Work::copy, kGiB), seconds(1));
}

TEST(ModelledHost, ZeroRatesMakeWorkFree) {
  EXPECT_EQ(time_of({}, Work::copy, kTiB), Duration());
  EXPECT_EQ(time_of({}, Work::checksum, kTiB), Duration());
}

TEST(ModelledHost, HandlingCostsWhatTheModelSays) {
  Loop loop(1);
  ModelledHost host(loop, "node", {.cores = 1, .copy = {}, .checksum = {}});
  const auto handle = [](Host& h) -> Task<> {
    const Station::Visit visit = co_await h.perform_for(microseconds(50));
    EXPECT_EQ(visit.service, microseconds(50));
  };
  TaskGroup group(loop);
  group.spawn(handle(host), "work");
  EXPECT_TRUE(run_virtual(loop).ok());
  EXPECT_EQ(loop.now() - TimePoint(), microseconds(50));
}

TEST(ModelledHost, WorkBeyondTheCoresWaits) {
  Loop loop(1);
  ModelledHost host(loop, "node",
                    {.cores = 2, .request = microseconds(5), .copy = {}, .checksum = {}});
  TaskGroup group(loop);
  TimePoint ends[3];
  for (TimePoint& end : ends) {
    group.spawn(work(loop, host, Work::request, 1, end), "work");
  }
  EXPECT_TRUE(run_virtual(loop).ok());
  EXPECT_EQ(ends[0], TimePoint(5000));
  EXPECT_EQ(ends[1], TimePoint(5000));
  EXPECT_EQ(ends[2], TimePoint(10000));
  EXPECT_EQ(host.cpu().visits(), 3u);
  EXPECT_EQ(host.cpu().busy(), microseconds(15));
}

}  // namespace
}  // namespace sim
