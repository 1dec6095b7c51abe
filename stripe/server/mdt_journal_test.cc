// When what an MDT changed becomes stable, and what goes with it.
#include "stripe/server/mdt_journal.h"

#include <gtest/gtest.h>

#include "stripe/server/mdt_testing.h"

namespace stripe {
namespace {

using sim::nanoseconds;
using sim::seconds;

class MdtJournalTest : public ::testing::Test {
 protected:
  MdtJournalTest() { world_.mdt->keep_journal(JournalOptions(), {}); }
  std::uint64_t changes() { return world_.mdt->server().last_change(); }
  std::uint64_t stable() { return world_.mdt->server().last_committed(); }
  MdtWorld world_;
};

TEST_F(MdtJournalTest, AChangeIsStableAnIntervalAfterItWasMade) {
  const sim::TimePoint begin = world_.loop.now();
  EXPECT_EQ(world_.reint(Reint::mkdir, "d").status, sim::Errc::ok);
  EXPECT_EQ(changes(), 1u);
  const sim::TimePoint made = world_.loop.now();
  world_.run_for(begin + seconds(5) - made);
  EXPECT_EQ(stable(), 0u);
  world_.run_for(made - begin);
  EXPECT_EQ(stable(), 1u);
}

TEST_F(MdtJournalTest, OpensAndClosesAreNumberedAndLooksAreNot) {
  const transport::RpcReply opened = world_.create("f");
  EXPECT_EQ(changes(), 1u);
  world_.getattr("f");
  EXPECT_EQ(changes(), 1u);
  world_.close(MdtWorld::body(opened).handle);
  EXPECT_EQ(changes(), 2u);
}

TEST_F(MdtJournalTest, ASyncMakesWhatWasChangedBeforeStableAtOnce) {
  world_.reint(Reint::mkdir, "d");
  world_.create("f");
  EXPECT_EQ(stable(), 0u);
  const sim::TimePoint before = world_.loop.now();
  EXPECT_EQ(world_.call(MdsSyncRequest()).status, sim::Errc::ok);
  EXPECT_LT(world_.loop.now(), before + seconds(1));
  EXPECT_EQ(stable(), 2u);
}

TEST_F(MdtJournalTest, NothingOfAChangeIsStableBeforeItHasItsNumber) {
  MemoryMetaStore names(true);
  std::uint64_t told = 0;
  MdtJournal journal(world_.loop, world_.mdt->server(), names, nullptr, seconds(5),
                     [&told](std::uint64_t changes) { told = changes; });
  std::optional<MdtJournal::Step> step(journal);
  EXPECT_TRUE(names.create(kRootFid, "f", FileType::file, 0644, 0).ok());
  journal.changed();
  world_.run_for(seconds(6));
  EXPECT_FALSE(names.all_stable());
  EXPECT_EQ(told, 0u);
  step.reset();
  world_.run_for(seconds(5));
  EXPECT_TRUE(names.all_stable());
  EXPECT_EQ(told, names.changes());
}

// A restart before that could bring the file back.
TEST_F(MdtJournalTest, TheObjectsOfAFileGoWhenItsUnlinkIsStable) {
  const transport::RpcReply opened = world_.create("f", "-c 1");
  const StripeObject object = MdtWorld::layout(opened).components.front().objects.front();
  world_.close(MdtWorld::body(opened).handle);
  world_.reint(Reint::unlink, "f");
  world_.run_for(seconds(4));
  EXPECT_TRUE(world_.object_exists(object));
  world_.run_for(seconds(2));
  EXPECT_FALSE(world_.object_exists(object));
}

}  // namespace
}  // namespace stripe
