#include "cachemodel/history/orderly.h"

#include <gtest/gtest.h>

#include "cachemodel/history/history_testing.h"
#include "cachemodel/history/reference.h"
#include "sim/rng.h"

namespace cachemodel {
namespace {

constexpr std::uint64_t kA = stamp_of(1, 1);
constexpr std::uint64_t kB = stamp_of(2, 1);

bool orderly(const Script& script) {
  const HistoryPart part{&script.history, {}};
  const Merged merged = Merged::of({&part, 1}).value();
  return is_orderly(merged.files().front(), merged);
}

TEST(Orderly, WhatIsWrittenAndThenReadIs) {
  Script s;
  s.write(kA, blocks(0, 2), call(0, 10));
  s.write(kB, blocks(2, 4), call(0, 10));
  s.read(3, 0, {{2 * kBlock, kA, {}, {}}, {2 * kBlock, kB, {}, {}}, {kBlock, 0, {}, {}}},
         call(10, 20));
  EXPECT_TRUE(orderly(s));
}

TEST(Orderly, AWriteBeginsAfterTheOneItReplacesHasReturned) {
  for (const std::int64_t begin : {10, 11}) {
    Script s;
    s.write(kA, blocks(0, 2), call(0, 10));
    s.write(kB, blocks(1, 3), call(begin, 20));
    EXPECT_EQ(orderly(s), begin > 10);
  }
}

TEST(Orderly, WritesToOtherBytesMayBeUnderWayTogether) {
  Script s;
  s.write(kA, {0, 100}, call(0, 10));
  s.write(kB, {100, 200}, call(5, 20));
  EXPECT_TRUE(orderly(s));
}

TEST(Orderly, AReadShowsTheLastWriteThatHadBegun) {
  for (const std::uint64_t seen : {kA, kB}) {
    for (const std::int64_t at : {19, 20}) {
      Script s;
      s.write(kA, blocks(0, 1), call(0, 10));
      s.write(kB, blocks(0, 1), call(20, 30));
      s.read(3, blocks(0, 1), seen, call(at, 40));
      EXPECT_EQ(orderly(s), seen == (at < 20 ? kA : kB));
    }
  }
}

TEST(Orderly, EveryByteOfARunCounts) {
  for (const sim::Bytes more : {0u, 1u}) {
    Script s;
    s.write(kA, {100, 200}, call(0, 10));
    s.read(3, {100 - more, 200}, kA, call(20, 30));
    EXPECT_EQ(orderly(s), more == 0);
    Script zeros;
    zeros.write(kA, {100, 200}, call(0, 10));
    zeros.read(3, {0, 100 + more}, 0, call(20, 30));
    EXPECT_EQ(orderly(zeros), more == 0);
  }
}

TEST(Orderly, WhatMayNotBeThereNeedsACloserLook) {
  Script unknown;
  unknown.write(kA, blocks(0, 1), call(0, 10), Ending::unknown);
  EXPECT_FALSE(orderly(unknown));
  Script cut;
  cut.truncate(kA, 0, call(0, 10));
  EXPECT_FALSE(orderly(cut));
  Script dropped;
  dropped.write(kA, blocks(0, 1), call(0, 10));
  dropped.drop(DropCause::lost, 1, blocks(0, 1), 20, kA);
  EXPECT_FALSE(orderly(dropped));
  Script logged;
  logged.write(kA, blocks(0, 1), call(0, 10));
  logged.apply(kA, blocks(0, 1), 5);
  EXPECT_FALSE(orderly(logged));
}

// Calls that mostly follow one another, and reads that mostly show the last write.
Script random_script(sim::Rng& rng) {
  constexpr std::uint64_t kCells = 6;
  Script s;
  std::vector<std::uint64_t> last(kCells);
  std::int64_t now = 0;
  for (std::uint64_t n = 1; n <= 10; ++n) {
    const std::uint64_t begin = rng.below(kCells);
    const std::uint64_t end = begin + 1 + rng.below(kCells - begin);
    const auto client = static_cast<std::uint32_t>(1 + rng.below(3));
    const Call when = call(now, now + static_cast<std::int64_t>(rng.below(3)));
    now = when.returned.ns() + (rng.chance(1, 8) ? 0 : 1);
    if (rng.chance(1, 2)) {
      s.write(stamp_of(client, n), blocks(begin, end), when);
      std::fill(last.begin() + static_cast<std::ptrdiff_t>(begin),
                last.begin() + static_cast<std::ptrdiff_t>(end), stamp_of(client, n));
      continue;
    }
    std::vector<ReadRun> runs;
    for (std::uint64_t cell = begin; cell < end; ++cell) {
      runs.push_back({kBlock, rng.chance(1, 40) ? last[rng.below(kCells)] : last[cell], {}, {}});
    }
    s.read(client, begin * kBlock, runs, when);
  }
  return s;
}

TEST(Orderly, TheShortCutAgreesWithTheDefinitions) {
  sim::Rng rng(1);
  const std::uint64_t scripts = 4000;
  std::uint64_t orderly_ones = 0;
  for (std::uint64_t n = 0; n < scripts; ++n) {
    const Script s = random_script(rng);
    const HistoryPart part{&s.history, {}};
    const RegisterVerdict should = reference_blocks(Merged::of({&part, 1}).value(), {});
    const RegisterVerdict is = s.check().blocks;
    EXPECT_EQ(is.total.reads, should.total.reads);
    EXPECT_EQ(is.total.stale, should.total.stale);
    EXPECT_EQ(is.total.undecided, should.total.undecided);
    EXPECT_EQ(is.impossible, should.impossible);
    for (std::size_t g = 0; g < kGuarantees; ++g) {
      EXPECT_EQ(is.guarantees[g].violations, should.guarantees[g].violations);
      EXPECT_EQ(is.guarantees[g].undecided, should.guarantees[g].undecided);
    }
    orderly_ones += orderly(s) ? 1 : 0;
  }
  EXPECT_GT(orderly_ones, scripts / 4);
  EXPECT_LT(orderly_ones, scripts * 3 / 4);
}

}  // namespace
}  // namespace cachemodel
