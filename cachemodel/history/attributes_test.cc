// Sizes and mtimes: known answers.
#include <gtest/gtest.h>

#include "cachemodel/history/history_testing.h"

namespace cachemodel {
namespace {

const std::uint64_t kA = stamp_of(1, 1);

RegisterVerdict sizes(const Script& script) { return script.check().sizes; }
std::uint64_t stale(const Script& script) { return sizes(script).total.stale; }

TEST(Sizes, ASizeBelowAnAcknowledgedWritesEndIsStale) {
  for (const std::int64_t invoked : {30, 31}) {
    Script script;
    script.write(kA, {0, 100}, call(0, 10));
    script.write(kA + 1, {100, 250}, call(20, 30));
    script.read_size(2, 100, call(invoked, 50));
    const RegisterVerdict verdict = sizes(script);
    EXPECT_EQ(verdict.total.reads, 1u);
    EXPECT_EQ(verdict.total.stale, invoked == 31 ? 1u : 0u);
    EXPECT_EQ(verdict.total.age.max(), sim::Duration(invoked == 31 ? 1 : 0));
    EXPECT_EQ(verdict[Guarantee::linearizable].held(), invoked == 30);
  }
}

TEST(Sizes, AWriteInsideTheFileDoesNotChangeItsSize) {
  Script script;
  script.write(kA, {0, 100}, call(0, 10));
  script.write(kA + 1, {20, 50}, call(20, 30));
  script.read_size(2, 100, call(40, 50));
  EXPECT_TRUE(script.check().clean());
  script.read_size(2, 50, call(40, 50));
  EXPECT_EQ(stale(script), 1u);
}

TEST(Sizes, ASizeFromBeforeATruncateIsStale) {
  for (const std::int64_t invoked : {30, 31}) {
    Script script;
    script.write(kA, {0, 100}, call(0, 10));
    script.truncate(kA + 1, 40, call(20, 30));
    script.read_size(2, 100, call(invoked, 50));
    EXPECT_EQ(stale(script), invoked == 31 ? 1u : 0u);
    script.read_size(2, 40, call(invoked, 50));
    EXPECT_EQ(stale(script), invoked == 31 ? 1u : 0u);
  }
}

TEST(Sizes, AWriteAfterATruncateCountsAgain) {
  Script script;
  script.write(kA, {0, 100}, call(0, 10));
  script.truncate(kA + 1, 0, call(20, 30));
  script.write(kA + 2, {0, 60}, call(31, 40));
  script.read_size(2, 60, call(50, 60));
  EXPECT_TRUE(script.check().clean());
  script.read_size(2, 0, call(50, 60));
  script.read_size(2, 100, call(50, 60));
  EXPECT_EQ(stale(script), 2u);
}

TEST(Sizes, ATruncateUnderWayWithAWriteLeavesBothPossible) {
  Script script;
  script.write(kA, {0, 100}, call(0, 50));
  script.truncate(kA + 1, 10, call(0, 50));
  script.read_size(2, 100, call(60, 70));
  script.read_size(3, 10, call(60, 70));
  const RegisterVerdict verdict = sizes(script);
  EXPECT_EQ(verdict.total.stale, 0u);
  EXPECT_EQ(verdict.total.undecided, 2u);
}

TEST(Sizes, ASizeThatNothingSetIsImpossible) {
  Script script;
  script.write(kA, {0, 100}, call(20, 30));
  script.read_size(2, 0, call(0, 10));
  script.read_size(2, 100, call(0, 20));
  EXPECT_TRUE(script.check().clean());
  script.read_size(2, 100, call(0, 19));
  script.read_size(2, 99, call(40, 50));
  EXPECT_EQ(sizes(script).impossible, 2u);
}

TEST(Sizes, AWriteUnderWayMayShowAnySizeInsideItself) {
  for (const sim::Bytes size : {100u, 101u, 299u, 300u}) {
    Script script;
    script.write(kA, {100, 300}, call(20, 30));
    script.read_size(2, size, call(20, 30));
    EXPECT_EQ(sizes(script).impossible, size == 100 ? 1u : 0u) << size;
    EXPECT_EQ(stale(script), 0u) << size;
  }
}

TEST(Sizes, AWriteIsUnderWayFromItsInvocationToItsAcknowledgement) {
  const std::vector<std::pair<Call, std::uint64_t>> reads = {
      {call(0, 19), 1}, {call(0, 20), 0}, {call(30, 40), 0}, {call(31, 40), 1}};
  for (const auto& [when, impossible] : reads) {
    Script script;
    script.write(kA, {100, 300}, call(20, 30));
    script.read_size(2, 200, when);
    EXPECT_EQ(sizes(script).impossible, impossible) << when.invoked.ns();
  }
}

TEST(Sizes, OnlyTheWriteUnderWayExplainsASizeInsideIt) {
  Script script;
  script.write(kA, {0, 100}, call(0, 10));
  script.write(kA + 1, {100, 300}, call(20, 30));
  script.write(kA + 2, {300, 900}, call(40, 60));
  script.read_size(2, 200, call(50, 55));
  EXPECT_EQ(sizes(script).impossible, 1u);
  script.read_size(2, 500, call(50, 55));
  EXPECT_EQ(sizes(script).impossible, 1u);
  EXPECT_EQ(stale(script), 0u);
}

TEST(Sizes, ASizeInsideAWriteUnderWayIsStaleBelowWhatWasAcknowledged) {
  Script script;
  script.write(kA, {0, 200}, call(0, 10));
  script.write(kA + 1, {100, 300}, call(20, 30));
  script.read_size(2, 250, call(20, 30));
  EXPECT_EQ(stale(script), 0u);
  script.read_size(2, 150, call(20, 30));
  EXPECT_EQ(stale(script), 1u);
  EXPECT_EQ(sizes(script).impossible, 0u);
}

TEST(Sizes, WhatAWriteUnderWayShowsComesAfterATruncateThatIsOver) {
  Script script;
  script.write(kA, {0, 200}, call(0, 10));
  script.truncate(kA + 1, 0, call(20, 30));
  script.write(kA + 2, {0, 300}, call(40, 50));
  script.read_size(2, 200, call(45, 60));
  EXPECT_TRUE(script.check().clean());
  script.read_size(2, 200, call(51, 60));
  EXPECT_EQ(stale(script), 1u);
}

TEST(Sizes, WhatIsLostOrUnknownStaysUnderWay) {
  Script script;
  script.write(kA, {0, 100}, call(0, 10), Ending::unknown);
  script.write(kA + 1, {100, 300}, call(20, 30));
  script.drop(DropCause::lost, 1, {200, 300}, 40, kA + 1);
  script.read_size(2, 50, call(90, 95));
  script.read_size(2, 200, call(90, 95));
  EXPECT_EQ(sizes(script).impossible, 0u);
  EXPECT_EQ(stale(script), 0u);
}

TEST(Sizes, ATruncateDuringAWriteMayLeaveASizeInsideIt) {
  const std::vector<std::pair<Call, std::uint64_t>> truncates = {
      {call(10, 19), 1}, {call(10, 20), 0}, {call(30, 40), 0}, {call(31, 40), 1}};
  for (const auto& [when, impossible] : truncates) {
    Script script;
    script.write(kA, {0, 300}, call(20, 30));
    script.truncate(kA + 1, 0, when);
    script.read_size(2, 200, call(50, 60));
    EXPECT_EQ(sizes(script).impossible, impossible) << when.invoked.ns();
    EXPECT_EQ(stale(script), 0u);
  }
}

TEST(Sizes, TheGuaranteesAreJudgedAsForBlocks) {
  Script script;
  script.write(kA, {0, 100}, call(0, 10));
  script.mark(FileCall::fsync, 1, 0, call(10, 20));
  script.mark(FileCall::open, 2, 7, call(21, 22));
  script.mark(FileCall::open, 3, 7, call(20, 22));
  script.read_size(1, 0, call(11, 12));
  script.read_size(2, 0, call(30, 40), 7);
  script.read_size(3, 0, call(30, 40), 7);
  const RegisterVerdict verdict = sizes(script);
  EXPECT_EQ(verdict.total.stale, 3u);
  EXPECT_EQ(verdict[Guarantee::read_your_writes].violations, 1u);
  EXPECT_EQ(verdict[Guarantee::close_to_open].violations, 1u);
  EXPECT_EQ(verdict[Guarantee::monotonic_reads].violations, 0u);
  EXPECT_EQ(verdict[Guarantee::bounded_staleness].violations, 3u);
}

TEST(Sizes, AShrinkingSizeWithoutATruncateIsNotMonotonic) {
  for (const std::int64_t invoked : {20, 21}) {
    Script script;
    script.write(kA, {0, 100}, call(0, 90));
    script.read_size(2, 100, call(10, 20));
    script.read_size(2, 0, call(invoked, 30));
    const RegisterVerdict verdict = sizes(script);
    EXPECT_EQ(verdict.total.stale, 0u);
    EXPECT_EQ(verdict[Guarantee::monotonic_reads].violations, invoked == 21 ? 1u : 0u);
    EXPECT_EQ(verdict[Guarantee::linearizable].violations, invoked == 21 ? 1u : 0u);
  }
}

TEST(Mtimes, ChangesAreExactOrTheNewestOfSeveral) {
  Script script;
  const auto change = [&](std::uint64_t value, Change how, Call when) {
    AttributeChange event;
    event.file = Script::kFile;
    event.value = value;
    event.client = 1;
    event.attribute = Attribute::mtime;
    event.change = how;
    event.call = when;
    script.history.change(event);
  };
  const auto read = [&](std::uint64_t value, Call when) {
    AttributeRead event;
    event.file = Script::kFile;
    event.value = value;
    event.client = 2;
    event.attribute = Attribute::mtime;
    event.call = when;
    script.history.attribute(event);
  };
  change(500, Change::at_least, call(0, 10));
  change(400, Change::at_least, call(20, 30));
  read(500, call(40, 50));
  EXPECT_TRUE(script.check().clean());
  read(400, call(40, 50));
  EXPECT_EQ(script.check().mtimes.total.stale, 1u);
  change(100, Change::exactly, call(60, 70));
  read(100, call(80, 90));
  EXPECT_EQ(script.check().mtimes.total.stale, 1u);
  read(500, call(80, 90));
  EXPECT_EQ(script.check().mtimes.total.stale, 2u);
  EXPECT_EQ(script.check().sizes.total.reads, 0u);
}

}  // namespace
}  // namespace cachemodel
