#include "cachemodel/history/marks.h"

#include <gtest/gtest.h>

#include "cachemodel/history/history_testing.h"

namespace cachemodel {
namespace {

FileMark mark(FileCall kind, std::uint32_t client, std::uint32_t handle, Call when) {
  return {{1, client, handle, kind, when}, 0};
}

std::optional<sim::TimePoint> at(std::int64_t ns) { return sim::TimePoint(ns); }

TEST(Marks, TheFirstReturnOfAnFsyncInvokedInTimeCounts) {
  const std::vector<FileMark> list = {mark(FileCall::fsync, 1, 0, call(10, 90)),
                                      mark(FileCall::fsync, 1, 0, call(20, 40))};
  const Marks marks(list);
  EXPECT_EQ(marks.synced(1, sim::TimePoint(10)), at(40));
  EXPECT_EQ(marks.synced(1, sim::TimePoint(20)), at(40));
  EXPECT_EQ(marks.synced(1, sim::TimePoint(21)), std::nullopt);
  EXPECT_EQ(marks.synced(2, sim::TimePoint(0)), std::nullopt);
}

TEST(Marks, PublishedByCloseOrFsyncWhicheverReturnedFirst) {
  const std::vector<FileMark> list = {mark(FileCall::close, 1, 5, call(10, 30)),
                                      mark(FileCall::fsync, 1, 0, call(11, 20))};
  const Marks marks(list);
  EXPECT_EQ(marks.published(1, 5, sim::TimePoint(10)), at(20));
  EXPECT_EQ(marks.published(1, 6, sim::TimePoint(10)), at(20));
  EXPECT_EQ(marks.published(1, 5, sim::TimePoint(12)), std::nullopt);
}

TEST(Marks, ACallWentThroughTheLastOpenOfItsHandle) {
  const std::vector<FileMark> list = {mark(FileCall::open, 1, 5, call(10, 11)),
                                      mark(FileCall::open, 1, 5, call(20, 21)),
                                      mark(FileCall::open, 1, 0, call(0, 1))};
  const Marks marks(list);
  EXPECT_EQ(marks.opened(1, 5, sim::TimePoint(9)), std::nullopt);
  EXPECT_EQ(marks.opened(1, 5, sim::TimePoint(19)), at(10));
  EXPECT_EQ(marks.opened(1, 5, sim::TimePoint(20)), at(20));
  EXPECT_EQ(marks.opened(1, 0, sim::TimePoint(20)), std::nullopt) << "0 is no handle";
}

}  // namespace
}  // namespace cachemodel
