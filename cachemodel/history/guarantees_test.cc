// Close-to-open, monotonic reads, read-your-writes and bounded staleness.
#include <gtest/gtest.h>

#include "cachemodel/history/history_testing.h"

namespace cachemodel {
namespace {

constexpr std::uint32_t kWriter = 1;
constexpr std::uint32_t kReader = 2;
const std::uint64_t kOld = stamp_of(kWriter, 1);
const std::uint64_t kNew = stamp_of(kWriter, 2);

std::uint64_t broken(const Script& script, Guarantee guarantee) {
  return script.check().blocks[guarantee].violations;
}

// The writer's second write, through its handle 5, is acknowledged at 30.
Script two_writes() {
  Script script;
  const auto through = [](WriteEvent& e) { e.handle = 5; };
  script.write(kOld, blocks(0, 4), call(0, 10), through);
  script.write(kNew, blocks(0, 4), call(20, 30), through);
  script.apply(kOld, blocks(0, 4), 5);
  script.apply(kNew, blocks(0, 4), 25);
  return script;
}

TEST(Guarantees, CloseToOpenHoldsForAnOpenInvokedWhenTheCloseReturned) {
  for (const std::int64_t opened : {50, 51}) {
    Script script = two_writes();
    script.mark(FileCall::close, kWriter, 5, call(40, 50));
    script.mark(FileCall::open, kReader, 9, call(opened, 60));
    script.read(kReader, blocks(0, 4), kOld, call(70, 80), 9);
    EXPECT_EQ(broken(script, Guarantee::close_to_open), opened == 51 ? 4u : 0u);
    EXPECT_EQ(script.check().blocks.total.stale, 4u);
  }
}

TEST(Guarantees, AnFsyncCountsAsAClose) {
  Script script = two_writes();
  script.mark(FileCall::fsync, kWriter, 0, call(30, 40));
  script.mark(FileCall::open, kReader, 9, call(41, 60));
  script.read(kReader, blocks(0, 1), kOld, call(70, 80), 9);
  EXPECT_EQ(broken(script, Guarantee::close_to_open), 1u);
}

TEST(Guarantees, ACloseInvokedBeforeTheWriteReturnedPromisesNothing) {
  Script script = two_writes();
  script.mark(FileCall::close, kWriter, 5, call(29, 40));
  script.mark(FileCall::open, kReader, 9, call(50, 60));
  script.read(kReader, blocks(0, 1), kOld, call(70, 80), 9);
  EXPECT_EQ(broken(script, Guarantee::close_to_open), 0u);
}

TEST(Guarantees, TheCloseOfAnotherHandlePromisesNothing) {
  Script script = two_writes();
  script.mark(FileCall::close, kWriter, 6, call(30, 40));
  script.mark(FileCall::open, kReader, 9, call(50, 60));
  script.read(kReader, blocks(0, 1), kOld, call(70, 80), 9);
  EXPECT_EQ(broken(script, Guarantee::close_to_open), 0u);
}

TEST(Guarantees, AReadThroughAnOlderOpenMayBeStaleUnderCloseToOpen) {
  Script script = two_writes();
  script.mark(FileCall::close, kWriter, 5, call(30, 40));
  script.mark(FileCall::open, kReader, 8, call(35, 36));
  script.mark(FileCall::open, kReader, 9, call(50, 60));
  script.read(kReader, blocks(0, 1), kOld, call(70, 80), 8);
  EXPECT_EQ(broken(script, Guarantee::close_to_open), 0u);
  script.read(kReader, blocks(0, 1), kOld, call(70, 80), 9);
  EXPECT_EQ(broken(script, Guarantee::close_to_open), 1u);
}

TEST(Guarantees, MonotonicReadsForbidsAnOlderVersionAfterANewer) {
  Script script = two_writes();
  script.read(kReader, blocks(0, 2), kNew, call(24, 40));
  script.read(kReader, blocks(1, 4), kOld, call(40, 50));  // as the other returned: not after it
  EXPECT_EQ(broken(script, Guarantee::monotonic_reads), 0u);
  script.read(kReader, blocks(1, 4), kOld, call(41, 50));
  EXPECT_EQ(broken(script, Guarantee::monotonic_reads), 1u);
}

TEST(Guarantees, MonotonicReadsIsEachClientsOwn) {
  Script script = two_writes();
  script.read(kReader, blocks(0, 4), kNew, call(24, 40));
  script.read(kReader + 1, blocks(0, 4), kOld, call(50, 60));
  EXPECT_EQ(broken(script, Guarantee::monotonic_reads), 0u);
}

TEST(Guarantees, AWriteSeenBeforeItsAcknowledgementBindsItsReader) {
  Script script;
  script.write(kOld, blocks(0, 1), call(0, 10));
  script.write(kNew, blocks(0, 1), call(20, 900));
  script.apply(kOld, blocks(0, 1), 5);
  script.apply(kNew, blocks(0, 1), 25);
  script.read(kReader, blocks(0, 1), kNew, call(30, 40));
  script.read(kReader, blocks(0, 1), kOld, call(50, 60));
  const Verdict verdict = script.check();
  EXPECT_EQ(verdict.blocks.total.stale, 0u);
  EXPECT_EQ(verdict.blocks[Guarantee::monotonic_reads].violations, 1u);
  EXPECT_EQ(verdict.blocks[Guarantee::linearizable].violations, 1u);
}

TEST(Guarantees, ReadYourWritesIsBrokenByTheWriterOnly) {
  Script script = two_writes();
  script.read(kReader, blocks(0, 1), kOld, call(31, 40));
  EXPECT_EQ(broken(script, Guarantee::read_your_writes), 0u);
  script.read(kWriter, blocks(0, 1), kOld, call(30, 40));
  EXPECT_EQ(broken(script, Guarantee::read_your_writes), 0u);
  script.read(kWriter, blocks(0, 3), kOld, call(31, 40));
  EXPECT_EQ(broken(script, Guarantee::read_your_writes), 3u);
}

TEST(Guarantees, WhatIsNewerThanOnesOwnWriteIsAsGood) {
  Script script = two_writes();
  const std::uint64_t newest = script.write(stamp_of(3, 1), blocks(0, 4), call(40, 50));
  script.apply(newest, blocks(0, 4), 45);
  script.read(kWriter, blocks(0, 4), newest, call(60, 70));
  EXPECT_TRUE(script.check().clean());
}

TEST(Guarantees, StalenessAtTheBoundKeepsIt) {
  Script script = two_writes();
  script.read(kReader, blocks(0, 2), kOld, call(130, 140));
  CheckOptions options;
  options.staleness_bound = sim::Duration(100);
  EXPECT_TRUE(script.check(options).blocks[Guarantee::bounded_staleness].held());
  options.staleness_bound = sim::Duration(99);
  EXPECT_EQ(script.check(options).blocks[Guarantee::bounded_staleness].violations, 2u);
}

}  // namespace
}  // namespace cachemodel
