// When changes become stable, and what clients are told of that.
#include "stripe/server/journal.h"

#include <gtest/gtest.h>

#include "stripe/server/ost_testing.h"

namespace stripe {
namespace {

using sim::nanoseconds;
using sim::seconds;

class JournalTest : public ::testing::Test {
 protected:
  JournalTest() { world_.ost.keep_journal(JournalOptions(), 0, 0); }
  void write() { EXPECT_EQ(world_.write(kA, {{0, 4096}}, 4096), sim::Errc::ok); }
  void run_until(sim::TimePoint end) {
    while (world_.loop.step(end)) {
    }
    world_.loop.advance_to(end);
  }
  std::uint64_t changes() { return world_.ost.server().last_change(); }
  std::uint64_t stable() { return world_.ost.server().last_committed(); }
  sim::TimePoint now() { return world_.loop.now(); }
  static constexpr sim::Duration kInterval = seconds(5);
  OstWorld world_;
};

TEST_F(JournalTest, AChangeIsStableAnIntervalAfterItWasMade) {
  write();
  EXPECT_EQ(changes(), 1u);
  const sim::TimePoint due = now() + kInterval;
  run_until(due - nanoseconds(1));
  EXPECT_EQ(stable(), 0u);
  run_until(due);
  EXPECT_EQ(stable(), 1u);
}

TEST_F(JournalTest, ACommitBringsAllThatWasChangedUntilItBegins) {
  write();
  const sim::TimePoint due = now() + kInterval;
  run_until(due - sim::milliseconds(1));
  write();
  EXPECT_LT(now(), due);
  run_until(due);
  EXPECT_EQ(stable(), 2u);
}

TEST_F(JournalTest, WhatIsChangedAfterACommitWaitsForTheNext) {
  write();
  run_until(now() + kInterval);
  run_until(now() + seconds(1));
  write();
  const sim::TimePoint due = now() + kInterval;
  run_until(due - nanoseconds(1));
  EXPECT_EQ(stable(), 1u);
  run_until(due);
  EXPECT_EQ(stable(), 2u);
}

TEST_F(JournalTest, ASyncMakesWhatWasChangedBeforeStableAtOnce) {
  write();
  write();
  EXPECT_EQ(stable(), 0u);
  const sim::TimePoint before = now();
  EXPECT_EQ(world_.object<OstSyncRequest>(kA).status, sim::Errc::ok);
  EXPECT_LT(now(), before + kInterval);
  EXPECT_EQ(stable(), 2u);
}

TEST_F(JournalTest, WhatOnlyReadsIsNoChange) {
  world_.read(kA, {{0, 4096}});
  EXPECT_EQ(changes(), 0u);
}

TEST_F(JournalTest, AServerThatStartsAnewGoesOnFromWhereItWas) {
  OstWorld anew;
  anew.ost.keep_journal(JournalOptions(), 7, 5);
  EXPECT_EQ(anew.ost.server().last_change(), 7u);
  EXPECT_EQ(anew.ost.server().last_committed(), 5u);
  EXPECT_EQ(anew.write(kA, {{0, 4096}}, 4096), sim::Errc::ok);
  EXPECT_EQ(anew.ost.server().last_change(), 8u);
}

}  // namespace
}  // namespace stripe
