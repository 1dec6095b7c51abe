// Linearizability of blocks, and reads that nothing explains.
#include <gtest/gtest.h>

#include "cachemodel/history/history_testing.h"

namespace cachemodel {
namespace {

const std::uint64_t kA = stamp_of(1, 1);
const std::uint64_t kB = stamp_of(2, 1);

std::uint64_t broken(const Script& script) {
  return script.check().blocks[Guarantee::linearizable].violations;
}

TEST(Linearizable, WritesUnderWayTogetherMayBeSeenInEitherOrder) {
  Script script;
  script.write(kA, blocks(0, 1), call(0, 100));
  script.write(kB, blocks(0, 1), call(0, 100));
  script.read(3, blocks(0, 1), kB, call(10, 20));
  script.read(4, blocks(0, 1), kA, call(30, 40));
  EXPECT_EQ(broken(script), 0u);
}

TEST(Linearizable, EachSeenAfterTheOtherBreaksIt) {
  for (const std::int64_t invoked : {40, 41}) {
    Script script;
    script.write(kA, blocks(0, 1), call(0, 100));
    script.write(kB, blocks(0, 1), call(0, 100));
    script.read(3, blocks(0, 1), kB, call(10, 20));
    script.read(4, blocks(0, 1), kA, call(30, 40));
    script.read(3, blocks(0, 1), kB, call(invoked, 50));
    EXPECT_EQ(broken(script), invoked == 41 ? 1u : 0u);
  }
}

TEST(Linearizable, ANewOldInversionBreaksItAndTouchingReadsDoNot) {
  for (const std::int64_t invoked : {20, 21}) {
    Script script;
    script.write(kA, blocks(0, 2), call(0, 5));
    script.write(kB, blocks(0, 2), call(10, 100));
    script.read(3, blocks(0, 2), kB, call(12, 20));
    script.read(4, blocks(0, 2), kA, call(invoked, 30));
    EXPECT_EQ(broken(script), invoked == 21 ? 2u : 0u);
    EXPECT_EQ(script.check().blocks.total.stale, 0u);
  }
}

TEST(Linearizable, OnlyBlocksWhereBothReadsMeetAreBroken) {
  Script script;
  script.write(kA, blocks(0, 10), call(0, 5));
  script.write(kB, blocks(0, 10), call(10, 100));
  script.read(3, blocks(0, 6), kB, call(12, 20));
  script.read(4, blocks(4, 10), kA, call(21, 30));
  EXPECT_EQ(broken(script), 2u);
}

TEST(Linearizable, ZerosSeenAfterAWriteWasSeenBreakIt) {
  Script script;
  script.write(kA, blocks(0, 1), call(0, 100));
  script.read(3, blocks(0, 1), 0, call(10, 20));
  script.read(3, blocks(0, 1), kA, call(20, 30));
  EXPECT_EQ(broken(script), 0u);
  script.read(4, blocks(0, 1), 0, call(31, 40));
  EXPECT_EQ(broken(script), 1u);
}

TEST(Linearizable, AWriteOfUnknownFateMayComeLateOrNever) {
  Script never;
  never.write(kA, blocks(0, 1), call(0, 10), Ending::unknown);
  never.read(3, blocks(0, 1), 0, call(500, 600));
  EXPECT_TRUE(never.check().clean());
  never.read(3, blocks(0, 1), kA, call(601, 700));
  EXPECT_TRUE(never.check().clean());
  never.read(3, blocks(0, 1), 0, call(701, 800));
  EXPECT_EQ(broken(never), 1u);
}

TEST(Linearizable, AnOrderOfApplicationAgainstTimeBreaksIt) {
  Script script;
  script.write(kA, blocks(0, 1), call(0, 10));
  script.write(kB, blocks(0, 1), call(20, 30));
  script.apply(kB, blocks(0, 1), 25);
  script.apply(kA, blocks(0, 1), 40);
  script.read(3, blocks(0, 1), kA, call(50, 60));
  const Verdict verdict = script.check();
  EXPECT_EQ(verdict.blocks.total.stale, 0u) << "it is the newest by the server's order";
  EXPECT_EQ(verdict.blocks[Guarantee::linearizable].violations, 1u);
}

std::uint64_t impossible(const Script& script) {
  const Verdict verdict = script.check();
  EXPECT_EQ(verdict.blocks.impossible == 0, verdict.clean());
  return verdict.blocks.impossible;
}

TEST(Impossible, AStampNeverWritten) {
  Script script;
  script.read(3, blocks(0, 2), kA, call(0, 10));
  EXPECT_EQ(impossible(script), 2u);
  EXPECT_EQ(broken(script), 2u);
}

TEST(Impossible, AStampOfAnotherPlace) {
  Script script;
  script.write(kA, blocks(0, 2), call(0, 10));
  script.read(3, blocks(0, 2), kA, call(20, 30));
  EXPECT_EQ(impossible(script), 0u);
  script.read(3, blocks(1, 4), kA, call(20, 30));
  EXPECT_EQ(impossible(script), 2u);
}

TEST(Impossible, AWriteIssuedAfterTheReadHadReturned) {
  Script script;
  script.write(kA, blocks(0, 1), call(30, 40));
  script.read(3, blocks(0, 1), kA, call(0, 30));
  EXPECT_EQ(impossible(script), 0u);
  script.read(3, blocks(0, 1), kA, call(0, 29));
  EXPECT_EQ(impossible(script), 1u);
}

TEST(Impossible, AWriteThatFailed) {
  Script script;
  script.write(kA, blocks(0, 1), call(0, 10), Ending::failed);
  script.read(3, blocks(0, 1), kA, call(20, 30));
  EXPECT_EQ(impossible(script), 1u);
}

TEST(Impossible, BytesOfNoNameableWriterAreCountedApart) {
  Script script;
  script.read(3, blocks(0, 1), kNoWriter, call(20, 30));
  const Verdict verdict = script.check();
  EXPECT_TRUE(verdict.clean());
  EXPECT_EQ(verdict.undecodable, 1u);
}

}  // namespace
}  // namespace cachemodel
