#include <gtest/gtest.h>

#include "cachemodel/history/history_testing.h"

namespace cachemodel {
namespace {

const std::uint64_t kA = stamp_of(1, 1);

TEST(Losses, LostBlocksOfAcknowledgedWritesAreCountedOnce) {
  Script script;
  script.write(kA, blocks(0, 4), call(0, 10));
  script.drop(DropCause::lost, 1, blocks(2, 9), 20, kA);
  script.drop(DropCause::lost, 1, blocks(3, 4), 30, kA);
  const Verdict verdict = script.check();
  EXPECT_EQ(verdict.lost, 2u);
  EXPECT_EQ(verdict.lost_after_fsync, 0u);
  EXPECT_TRUE(verdict.clean());
}

TEST(Losses, AWriteNeverAcknowledgedCannotBeLost) {
  Script script;
  script.write(kA, blocks(0, 4), call(0, 10), Ending::unknown);
  script.drop(DropCause::lost, 1, blocks(0, 4), 20, kA);
  EXPECT_EQ(script.check().lost, 0u);
}

TEST(Losses, NothingIsLostAfterAnFsyncHasReturned) {
  for (const std::int64_t lost_at : {40, 41}) {
    Script script;
    script.write(kA, blocks(0, 4), call(0, 10));
    script.mark(FileCall::fsync, 1, 0, call(10, 40));
    script.drop(DropCause::lost, 1, blocks(0, 4), lost_at, kA);
    const Verdict verdict = script.check();
    EXPECT_EQ(verdict.lost_after_fsync, lost_at == 41 ? 4u : 0u);
    EXPECT_EQ(verdict.clean(), lost_at == 40);
  }
}

TEST(Losses, AnFsyncInvokedBeforeTheAcknowledgementProtectsNothing) {
  Script script;
  script.write(kA, blocks(0, 4), call(0, 10));
  script.mark(FileCall::fsync, 1, 0, call(9, 40));
  script.drop(DropCause::lost, 1, blocks(0, 4), 50, kA);
  EXPECT_EQ(script.check().lost_after_fsync, 0u);
}

TEST(Losses, ALostWriteMayBeSeenUntilItIsGone) {
  Script script;
  script.write(kA, blocks(0, 1), call(0, 10));
  script.read(1, blocks(0, 1), kA, call(20, 30));
  script.drop(DropCause::lost, 1, blocks(0, 1), 40, kA);
  EXPECT_TRUE(script.check().clean());
  script.read(2, blocks(0, 1), 0, call(50, 60));
  EXPECT_EQ(script.check().blocks.total.stale, 0u);
  EXPECT_EQ(script.check().blocks[Guarantee::linearizable].violations, 1u);
}

TEST(Losses, FatesOfWritesAreCounted) {
  Script script;
  script.write(kA, blocks(0, 1), call(0, 10), Ending::unknown);
  script.write(kA + 1, blocks(1, 2), call(0, 10), Ending::unknown);
  script.write(kA + 2, blocks(2, 3), call(0, 10), Ending::failed);
  script.read(2, blocks(0, 1), kA, call(50, 60));
  const Verdict verdict = script.check();
  EXPECT_EQ(verdict.unknown_writes, 2u);
  EXPECT_EQ(verdict.unknown_seen, 1u);
  EXPECT_EQ(verdict.failed_writes, 1u);
}

TEST(Invalidations, PagesThatTheConflictingWriteDidNotTouchAreFalse) {
  Script script;
  script.write(kA, {3 * kBlock + 10, 3 * kBlock + 20}, call(0, 10));
  script.drop(DropCause::conflict, 2, blocks(0, 8), 5, kA);
  const Verdict verdict = script.check();
  EXPECT_EQ(verdict.invalidated, 8u);
  EXPECT_EQ(verdict.false_invalidations, 7u);
}

TEST(Invalidations, OtherCausesAreNotInvalidations) {
  Script script;
  script.drop(DropCause::capacity, 2, blocks(0, 8), 5);
  script.drop(DropCause::purge, 2, blocks(0, 8), 5);
  EXPECT_EQ(script.check().invalidated, 0u);
}

TEST(Invalidations, AnUnnamedConflictIsAnyWriteOfOthersUnderWay) {
  const auto false_at = [](std::int64_t at, std::uint32_t client) {
    Script script;
    script.write(kA, blocks(0, 2), call(10, 20));
    script.write(stamp_of(3, 1), blocks(1, 5), call(10, 20));
    script.drop(DropCause::conflict, client, blocks(0, 8), at);
    return script.check().false_invalidations;
  };
  EXPECT_EQ(false_at(9, 2), 8u);
  EXPECT_EQ(false_at(10, 2), 3u);
  EXPECT_EQ(false_at(20, 2), 3u);
  EXPECT_EQ(false_at(21, 2), 8u);
  EXPECT_EQ(false_at(15, 1), 4u) << "a client's own write is no conflict to it";
}

}  // namespace
}  // namespace cachemodel
