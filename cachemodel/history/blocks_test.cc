// Stale reads of blocks, on histories with known answers.
#include <gtest/gtest.h>

#include "cachemodel/history/history_testing.h"

namespace cachemodel {
namespace {

const std::uint64_t kOld = stamp_of(1, 1);
const std::uint64_t kNew = stamp_of(2, 1);

// Two writes to a block, applied one after the other; the second is acknowledged at 100.
Script two_writes() {
  Script script;
  script.write(kOld, blocks(0, 1), call(0, 10));
  script.write(kNew, blocks(0, 1), call(50, 100));
  script.apply(kOld, blocks(0, 1), 5);
  script.apply(kNew, blocks(0, 1), 60);
  return script;
}

std::uint64_t stale(const Script& script) { return script.check().blocks.total.stale; }

TEST(Blocks, AnEmptyHistoryIsClean) {
  const Verdict verdict = Script().check();
  EXPECT_TRUE(verdict.clean());
  EXPECT_EQ(verdict.blocks.total.reads, 0u);
  EXPECT_EQ(verdict.blocks.total.stale_per_million(), 0u);
}

TEST(Blocks, AReadOfTheNewestIsNotStale) {
  Script script = two_writes();
  script.read(3, blocks(0, 1), kNew, call(200, 210));
  const Verdict verdict = script.check();
  EXPECT_EQ(verdict.blocks.total.reads, 1u);
  EXPECT_TRUE(verdict.clean());
}

TEST(Blocks, StaleMeansAcknowledgedStrictlyBeforeTheReadBegan) {
  Script at = two_writes();
  at.read(3, blocks(0, 1), kOld, call(100, 110));
  EXPECT_EQ(stale(at), 0u);
  Script after = two_writes();
  after.read(3, blocks(0, 1), kOld, call(101, 110));
  EXPECT_EQ(stale(after), 1u);
}

TEST(Blocks, AgeIsFromTheAcknowledgementToTheInvocation) {
  Script script = two_writes();
  script.read(3, blocks(0, 1), kOld, call(101, 110));
  script.read(4, blocks(0, 1), kOld, call(150, 160));
  const Verdict verdict = script.check();
  EXPECT_EQ(verdict.blocks.total.age.count(), 2u);
  EXPECT_EQ(verdict.blocks.total.age.min(), sim::Duration(1));
  EXPECT_EQ(verdict.blocks.total.age.max(), sim::Duration(50));
}

TEST(Blocks, AgeCountsFromTheOldestOfSeveralNewerWrites) {
  Script script = two_writes();
  script.write(stamp_of(2, 2), blocks(0, 1), call(110, 120));
  script.apply(stamp_of(2, 2), blocks(0, 1), 115);
  script.read(3, blocks(0, 1), kOld, call(150, 160));
  EXPECT_EQ(script.check().blocks.total.age.max(), sim::Duration(50));
}

TEST(Blocks, ZerosAreOlderThanAnyWrite) {
  Script script = two_writes();
  script.read(3, blocks(0, 1), 0, call(10, 20));
  EXPECT_EQ(stale(script), 0u);
  script.read(3, blocks(0, 1), 0, call(11, 20));
  EXPECT_EQ(stale(script), 1u);
}

TEST(Blocks, TheOrderOfApplicationDecidesWhatIsNewer) {
  // Both writes are under way together; the one acknowledged first was applied last.
  Script script;
  script.write(kOld, blocks(0, 1), call(0, 100));
  script.write(kNew, blocks(0, 1), call(0, 50));
  script.apply(kOld, blocks(0, 1), 10);
  script.apply(kNew, blocks(0, 1), 20);
  script.read(3, blocks(0, 1), kNew, call(200, 210));
  EXPECT_EQ(stale(script), 0u);
  script.read(3, blocks(0, 1), kOld, call(200, 210));
  EXPECT_EQ(stale(script), 1u);
}

TEST(Blocks, WithoutALogWritesThatOverlapInTimeLeaveItUndecided) {
  Script script;
  script.write(kOld, blocks(0, 1), call(0, 50));
  script.write(kNew, blocks(0, 1), call(50, 100));  // touches, so the order is open
  script.read(3, blocks(0, 1), kOld, call(200, 210));
  const Verdict verdict = script.check();
  EXPECT_EQ(verdict.blocks.total.stale, 0u);
  EXPECT_EQ(verdict.blocks.total.undecided, 1u);
}

TEST(Blocks, WithoutALogWritesOneAfterTheOtherAreInOrder) {
  Script script;
  script.write(kOld, blocks(0, 1), call(0, 49));
  script.write(kNew, blocks(0, 1), call(50, 100));
  script.read(3, blocks(0, 1), kOld, call(200, 210));
  const Verdict verdict = script.check();
  EXPECT_EQ(verdict.blocks.total.stale, 1u);
  EXPECT_EQ(verdict.blocks.total.undecided, 0u);
}

TEST(Blocks, AReadCountsEveryBlockItTouchesOnce) {
  Script script;
  script.write(kOld, blocks(0, 8), call(0, 10));
  script.apply(kOld, blocks(0, 8), 5);
  // From the last byte of block 0 to the first of block 3, in two runs that meet inside block 1.
  const sim::Bytes begin = kBlock - 1;
  script.read(3, begin, {{kBlock / 2, kOld, {}, {}}, {2 * kBlock + 2 - kBlock / 2, kOld, {}, {}}},
              call(20, 30));
  EXPECT_EQ(script.check().blocks.total.reads, 4u);
}

TEST(Blocks, ABlockIsStaleOnceHoweverManyOfItsPiecesAre) {
  Script script;
  script.write(kOld, blocks(0, 2), call(0, 10));
  script.write(kNew, blocks(0, 2), call(20, 30));
  script.apply(kOld, blocks(0, 2), 5);
  script.apply(kNew, blocks(0, 2), 25);
  std::vector<ReadRun> runs(8, {kBlock / 4, kOld, {}, {}});
  script.read(3, 0, runs, call(40, 50));
  EXPECT_EQ(stale(script), 2u);
}

TEST(Blocks, AWriteToOtherBytesOfTheBlockMakesNothingStale) {
  Script script;
  script.write(kOld, {0, 100}, call(0, 10));
  script.write(kNew, {100, 200}, call(20, 30));
  script.apply(kOld, {0, 100}, 5);
  script.apply(kNew, {100, 200}, 25);
  script.read(3, {0, 100}, kOld, call(40, 50));
  EXPECT_EQ(stale(script), 0u);
  script.read(3, {100, 101}, 0, call(40, 50));
  EXPECT_EQ(stale(script), 1u);
}

TEST(Blocks, OnlyTheStaleBlocksOfALongReadCount) {
  Script script;
  script.write(kOld, blocks(0, 256), call(0, 10));
  script.write(kNew, blocks(100, 103), call(20, 30));
  script.apply(kOld, blocks(0, 256), 5);
  script.apply(kNew, blocks(100, 103), 25);
  script.read(3, blocks(0, 256), kOld, call(40, 50));
  const Verdict verdict = script.check();
  EXPECT_EQ(verdict.blocks.total.reads, 256u);
  EXPECT_EQ(verdict.blocks.total.stale, 3u);
  EXPECT_EQ(verdict.blocks.total.stale_per_million(), 3000000u / 256);
}

TEST(Blocks, AWriteThatIsStillCachedIsNewerThanWhatWasApplied) {
  Script script = two_writes();
  const std::uint64_t cached = script.write(stamp_of(4, 1), blocks(0, 1), call(110, 120));
  script.read(3, blocks(0, 1), kNew, call(120, 130));
  EXPECT_EQ(stale(script), 0u);
  script.read(3, blocks(0, 1), kNew, call(121, 130));
  EXPECT_EQ(stale(script), 1u);
  script.read(4, blocks(0, 1), cached, call(121, 130));
  EXPECT_EQ(stale(script), 1u);
}

TEST(Blocks, AnAbsorbedWriteStandsJustBeforeItsAbsorber) {
  Script script = two_writes();
  const std::uint64_t absorbed = script.write(stamp_of(4, 1), blocks(0, 1), call(10, 12));
  const std::uint64_t absorber = script.write(stamp_of(4, 2), blocks(0, 1), call(14, 16));
  script.apply(absorber, blocks(0, 1), 200);
  // Written long before kNew, but it reached the server, in its absorber, after it.
  script.read(3, blocks(0, 1), kNew, call(12, 300));
  EXPECT_EQ(stale(script), 0u);
  script.read(3, blocks(0, 1), kNew, call(13, 300));
  EXPECT_EQ(stale(script), 1u);
  script.read(4, blocks(0, 1), absorbed, call(16, 20));
  EXPECT_EQ(stale(script), 1u);
  script.read(4, blocks(0, 1), absorbed, call(17, 20));
  EXPECT_EQ(stale(script), 2u);
}

TEST(Blocks, FailedLostAndUnknownWritesMakeNothingStale) {
  for (const Ending ending : {Ending::failed, Ending::unknown}) {
    Script script;
    script.write(kOld, blocks(0, 1), call(0, 10));
    script.apply(kOld, blocks(0, 1), 5);
    script.write(kNew, blocks(0, 1), call(20, 30), ending);
    script.read(3, blocks(0, 1), kOld, call(40, 50));
    EXPECT_TRUE(script.check().clean());
  }
  Script script;
  script.write(kOld, blocks(0, 1), call(0, 10));
  script.apply(kOld, blocks(0, 1), 5);
  script.write(kNew, blocks(0, 1), call(20, 30));
  script.drop(DropCause::lost, 2, blocks(0, 1), 60, kNew);
  script.read(3, blocks(0, 1), kOld, call(40, 50));
  EXPECT_TRUE(script.check().clean());
}

TEST(Blocks, CountsAreKeptByTheReadsGroup) {
  Script script = two_writes();
  script.read(3, blocks(0, 1), kOld, call(101, 110));
  script.read(4, blocks(0, 1), kNew, call(101, 110));
  script.read(9, blocks(0, 1), kNew, call(101, 110));
  CheckOptions options;
  options.groups = 3;
  options.group_of = [](std::uint32_t client, sim::TimePoint at) {
    EXPECT_EQ(at, sim::TimePoint(101));
    return client == 3 ? 1u : client == 9 ? 2u : 0u;
  };
  const Verdict verdict = script.check(options);
  ASSERT_EQ(verdict.blocks.groups.size(), 3u);
  EXPECT_EQ(verdict.blocks.groups[0].reads, 1u);
  EXPECT_EQ(verdict.blocks.groups[1].stale, 1u);
  EXPECT_EQ(verdict.blocks.groups[1].age.max(), sim::Duration(1));
  EXPECT_EQ(verdict.blocks.groups[2].reads, 1u);
  EXPECT_EQ(verdict.blocks.groups[2].stale, 0u);
}

}  // namespace
}  // namespace cachemodel
