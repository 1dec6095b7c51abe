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

// It may wait for objects, and others' changes must not wait with it.
TEST_F(MdtJournalTest, ALayoutChangeThatWaitsHoldsNothingUp) {
  const Fid fid = MdtWorld::body(world_.create("f", "-E 64k -c 1 -o 0 -E eof -c 1 -o 1")).attr.fid;
  world_.network.set_filter([](const transport::Message& m) { return m.to.node != 2; });
  MdsIntentRequest grow;
  grow.intent = Intent::layout;
  grow.parent = fid;
  grow.write = true;
  grow.extent = {0, sim::kMiB};
  transport::RpcReply grown;
  sim::TaskGroup callers(world_.loop);
  callers.spawn(world_.call_to(grow, 0, grown), "a caller", sim::TaskKind::daemon);
  world_.run_for(seconds(1));
  EXPECT_EQ(world_.reint(Reint::mkdir, "d").status, sim::Errc::ok);
  EXPECT_EQ(changes(), 2u);
  world_.run_for(seconds(6));
  EXPECT_EQ(grown.status, sim::Errc::io_error) << "it has not been answered";
  EXPECT_EQ(stable(), 2u);
  EXPECT_TRUE(world_.meta.all_stable());
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
