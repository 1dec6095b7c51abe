#include "scenarios/run/witness.h"

#include <gtest/gtest.h>

namespace scenarios {
namespace {

using cachemodel::Ending;

class WitnessTest : public testing::Test {
 protected:
  static constexpr std::uint64_t kFile = 7;
  const Witness::Handle writer{kFile, 1, 1, true};
  const Witness::Handle reader{kFile, 2, 2, true};

  void at(std::int64_t ns) { loop.advance_to(sim::TimePoint(ns)); }
  // A write that takes from `begin` to `end`.
  void write(transport::Stamp stamp, sim::Extent range, std::int64_t begin, std::int64_t end) {
    at(begin);
    const std::size_t change = witness.changes(writer, range, stamp, false);
    at(end);
    stripe::Outcome outcome;
    outcome.bytes = range.size();
    witness.returned(change, range, outcome);
  }
  void read(sim::Extent asked, transport::Payload data, std::int64_t begin, std::int64_t end) {
    at(end);
    stripe::Outcome outcome;
    outcome.bytes = data.size();
    outcome.data = std::move(data);
    witness.read(reader, asked, outcome, sim::TimePoint(begin));
  }
  cachemodel::Verdict judge() { return witness.judge({}).value(); }

  sim::Loop loop{1};
  Witness witness{loop};
  const transport::Stamp kOne = transport::Stamp::make(1, 1);
};

TEST_F(WitnessTest, WhatLiesBehindTheEndAsItWasMetWasNeverWritten) {
  write(kOne, {0, 8192}, 10, 20);
  read({0, 8192}, transport::Payload(transport::ContentRun{kFile, 0, 4096, kOne}), 30, 40);
  const cachemodel::Verdict verdict = judge();
  EXPECT_EQ(verdict.blocks.total.reads, 2u);
  EXPECT_EQ(verdict.blocks.total.stale, 1u);
  EXPECT_EQ(verdict.blocks.total.age.max(), sim::Duration(10));
}

TEST_F(WitnessTest, ContentOfAnotherPlaceNamesNobody) {
  write(kOne, {0, 8192}, 10, 20);
  read({0, 4096}, transport::Payload(transport::ContentRun{kFile, 4096, 4096, kOne}), 30, 40);
  EXPECT_EQ(judge().undecodable, 1u);
}

TEST_F(WitnessTest, WritesThatNeverReturnAreOfUnknownOutcome) {
  at(10);
  witness.changes(writer, {0, 4096}, kOne, false);
  at(20);
  const cachemodel::Verdict verdict = judge();
  EXPECT_EQ(verdict.unknown_writes, 1u);
  EXPECT_EQ(witness.history().writes()[0].call.returned, sim::TimePoint(20));
}

TEST_F(WitnessTest, OnlyARefusedWriteHasCertainlyFailed) {
  const auto ending = [this](sim::Errc status, sim::Bytes bytes, std::uint64_t sequence) {
    const sim::Extent range{0, 4096};
    const std::size_t change =
        witness.changes(writer, range, transport::Stamp::make(1, sequence), false);
    stripe::Outcome outcome;
    outcome.status = status;
    outcome.bytes = bytes;
    witness.returned(change, range, outcome);
    return witness.history().writes()[change].ending;
  };
  EXPECT_EQ(ending(sim::Errc::ok, 4096, 1), Ending::ok);
  EXPECT_EQ(ending(sim::Errc::ok, 4095, 2), Ending::unknown);
  EXPECT_EQ(ending(sim::Errc::bad_handle, 0, 3), Ending::failed);
  EXPECT_EQ(ending(sim::Errc::no_space, 0, 4), Ending::unknown);
  EXPECT_EQ(ending(sim::Errc::unknown_outcome, 0, 5), Ending::unknown);
}

TEST_F(WitnessTest, ATruncateMakesOlderDataStaleAndItsZerosFresh) {
  write(kOne, {0, 4096}, 10, 20);
  at(30);
  const std::size_t cut =
      witness.changes(writer, {0, sim::kEof}, transport::Stamp::make(1, 2), true);
  at(40);
  witness.returned(cut, {}, {});
  read({0, 4096}, transport::Payload(transport::ContentRun{kFile, 0, 4096, kOne}), 50, 60);
  read({0, 4096}, {}, 70, 80);
  const cachemodel::Verdict verdict = judge();
  EXPECT_EQ(verdict.blocks.total.reads, 2u);
  EXPECT_EQ(verdict.blocks.total.stale, 1u);
}

// Times of last change that writes set and stats show.
class WitnessTimesTest : public WitnessTest {
 protected:
  WitnessTimesTest() {
    attr.fid = stripe::Fid{1, 2, 3};
    attr.size = 8;
    own = writer;
    own.file = attr.fid.content_id();
  }
  std::size_t call(std::uint64_t sequence, std::int64_t begin) {
    at(begin);
    return witness.changes(own, {0, 8}, transport::Stamp::make(1, sequence), false);
  }
  void change(std::uint64_t sequence, std::int64_t begin, std::int64_t time) {
    const std::size_t number = call(sequence, begin);
    at(begin + 5);
    stripe::Outcome outcome;
    outcome.bytes = 8;
    outcome.mtime_ns = time;
    witness.returned(number, {0, 8}, outcome);
  }
  void shows(std::int64_t when, std::int64_t mtime) {
    at(when);
    attr.mtime_ns = mtime;
    witness.found(attr, 2, loop.now());
  }
  stripe::FileAttr attr;
  Witness::Handle own;
};

TEST_F(WitnessTimesTest, TheyAreStaleIfTheyAreFromBeforeAnAcknowledgedWrite) {
  change(1, 100, 103);
  shows(110, 103);
  change(2, 200, 202);
  shows(210, 103);
  shows(210, 202);
  const cachemodel::Verdict verdict = judge();
  EXPECT_EQ(verdict.mtimes.total.reads, 3u);
  EXPECT_EQ(verdict.mtimes.total.stale, 1u);
  EXPECT_EQ(verdict.mtimes.impossible, 0u);
  EXPECT_EQ(verdict.sizes.total.stale, 0u);
}

TEST_F(WitnessTimesTest, WhatNoWriteSetIsTheCreationsOrImpossible) {
  shows(50, 40);
  change(1, 100, 103);
  change(2, 200, 202);
  shows(210, 102);  // from before any write
  shows(210, 104);
  shows(210, 203);
  const cachemodel::Verdict verdict = judge();
  EXPECT_EQ(verdict.mtimes.total.stale, 1u);
  EXPECT_EQ(verdict.mtimes.impossible, 2u);
}

TEST_F(WitnessTimesTest, AWriteThatNeverCameBackMayHaveSetAnySinceItsCall) {
  change(1, 100, 103);
  call(2, 200);
  shows(300, 200);
  shows(300, 250);
  EXPECT_EQ(judge().mtimes.impossible, 0u);
}

TEST_F(WitnessTimesTest, NoneIsFromBeforeTheCallOfAWriteThatNeverCameBack) {
  change(1, 100, 103);
  call(2, 200);
  shows(300, 199);
  EXPECT_EQ(judge().mtimes.impossible, 1u);
}

TEST_F(WitnessTimesTest, AWriteThatChangedNothingSetsNone) {
  change(1, 100, 103);
  change(2, 200, 0);
  shows(300, 103);
  EXPECT_EQ(judge().mtimes.total.stale, 0u);
}

TEST_F(WitnessTest, SizesBeforeTheRunAreKnown) {
  const stripe::Fid fid{1, 2, 3};
  witness.existed(fid, 4096);
  stripe::FileAttr attr;
  attr.fid = fid;
  attr.size = 4096;
  witness.found(attr, 1, loop.now());
  attr.size = 4095;
  at(10);
  witness.found(attr, 1, loop.now());
  const cachemodel::Verdict verdict = judge();
  EXPECT_EQ(verdict.sizes.total.reads, 2u);
  EXPECT_EQ(verdict.sizes.impossible, 1u);
}

}  // namespace
}  // namespace scenarios
