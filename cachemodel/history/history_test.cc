#include "cachemodel/history/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cachemodel/history/history_testing.h"

namespace cachemodel {
namespace {

using testing::HasSubstr;

constexpr std::int64_t kFarthest = std::int64_t{1} << 61;

std::string refusal(const History& history) {
  const sim::Status status = validate(history);
  return status.ok() ? "" : status.error().message;
}
std::string refusal(const Script& script) { return refusal(script.history); }

TEST(History, ReadsKeepTheirRuns) {
  Script script;
  script.read(1, 0, {{1, 10, {}, {}}, {2, 20, {}, {}}}, call(0, 1));
  script.read(1, 0, {{3, 30, {}, {}}}, call(0, 1));
  const History& history = script.history;
  ASSERT_EQ(history.reads().size(), 2u);
  EXPECT_EQ(history.size(), 2u);
  EXPECT_EQ(history.runs_of(history.reads()[0])[1].stamp, 20u);
  EXPECT_EQ(history.runs_of(history.reads()[1])[0].stamp, 30u);
}

TEST(History, AWriteUnderWayIsUnknownUntilItIsSettled) {
  History history;
  const auto begin = [&history](std::uint64_t stamp) {
    WriteEvent event{7, {0, 8}, stamp, 1, Ending::ok, false, call(10, 10)};
    return history.begin_write(event);
  };
  const std::size_t first = begin(1);
  const std::size_t second = begin(2);
  history.settle(first, Ending::ok, sim::TimePoint(20));
  history.end(sim::TimePoint(30));
  EXPECT_EQ(history.writes()[first].ending, Ending::ok);
  EXPECT_EQ(history.writes()[first].call.returned, sim::TimePoint(20));
  EXPECT_EQ(history.writes()[second].ending, Ending::unknown);
  EXPECT_EQ(history.writes()[second].call.returned, sim::TimePoint(30));
  EXPECT_EQ(refusal(history), "");
}

TEST(History, ACallMayTakeNoTimeButNotLess) {
  Script script;
  script.write(1, {0, 1}, call(5, 5));
  EXPECT_EQ(refusal(script), "");
  script.write(2, {0, 1}, call(5, 4));
  EXPECT_THAT(refusal(script), HasSubstr("write 1: returned at 4 ns, before it was invoked"));
}

TEST(History, InstantsBeyondYearsAreRefused) {
  Script script;
  script.write(1, {0, 1}, call(-kFarthest, kFarthest));
  EXPECT_EQ(refusal(script), "");
  script.apply(1, {0, 1}, kFarthest + 1);
  EXPECT_THAT(refusal(script), HasSubstr("application 0"));
  Script early;
  early.mark(FileCall::open, 1, 1, call(-kFarthest - 1, 0));
  EXPECT_THAT(refusal(early), HasSubstr("too far"));
}

TEST(History, EmptyExtentsAreRefused) {
  Script script;
  script.drop(DropCause::capacity, 1, {7, 7}, 0);
  EXPECT_THAT(refusal(script), HasSubstr("drop 0: covers nothing: [7, 7)"));
}

TEST(History, AWriteNeedsAStamp) {
  for (const std::uint64_t stamp : {std::uint64_t{0}, kNoWriter}) {
    Script script;
    script.write(stamp, {0, 1}, call(0, 1));
    EXPECT_THAT(refusal(script), HasSubstr("names no write"));
  }
}

TEST(History, RunsEndBeforeTheEndOfTheAddressSpace) {
  Script script;
  script.read(1, sim::kEof - 5, {{5, 1, {}, {}}}, call(0, 1));
  EXPECT_EQ(refusal(script), "");
  script.read(1, sim::kEof - 5, {{4, 1, {}, {}}, {2, 1, {}, {}}}, call(0, 1));
  EXPECT_THAT(refusal(script), HasSubstr("read 1: a run of 2 bytes, 1 are left"));
  Script empty;
  empty.read(1, 0, {{0, 1, {}, {}}}, call(0, 1));
  EXPECT_THAT(refusal(empty), HasSubstr("a run of 0 bytes"));
}

}  // namespace
}  // namespace cachemodel
