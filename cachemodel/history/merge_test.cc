#include "cachemodel/history/merge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cachemodel/history/codec.h"
#include "cachemodel/history/history_testing.h"
#include "sim/rng.h"

namespace cachemodel {
namespace {

using testing::HasSubstr;

const std::uint64_t kOld = stamp_of(1, 1);
const std::uint64_t kNew = stamp_of(1, 2);

HistoryPart on_host(const Script& script, std::uint32_t host, std::int64_t ahead,
                    std::int64_t epsilon) {
  return {&script.history, {host, sim::Duration(ahead), sim::Duration(epsilon)}};
}

std::string refusal(std::span<const HistoryPart> parts) {
  const auto merged = Merged::of(parts);
  return merged.ok() ? "" : merged.error().message;
}

TEST(Merge, ClocksAreMovedToTheReference) {
  Script script;
  script.write(kOld, {0, 1}, call(1000, 1010));
  script.read(2, 0, {{1, kOld, Basis::lock, sim::TimePoint(1015)}}, call(1020, 1030));
  const HistoryPart part = on_host(script, 0, 1000, 0);
  const Merged merged = Merged::of({&part, 1}).value();
  const auto files = merged.files();
  ASSERT_EQ(files.size(), 1u);
  EXPECT_EQ(files[0].writes[0].call, call(0, 10));
  EXPECT_EQ(files[0].reads[0].call, call(20, 30));
  EXPECT_EQ(merged.runs()[0].since, sim::TimePoint(15));
}

TEST(Merge, FilesComeInAscendingOrderWithTheirEvents) {
  History history;
  history.write({9, {0, 1}, stamp_of(1, 1), 0, Ending::ok, false, call(5, 6)});
  history.write({3, {0, 1}, stamp_of(1, 2), 0, Ending::ok, false, call(7, 8)});
  history.write({9, {0, 1}, stamp_of(1, 3), 0, Ending::ok, false, call(1, 2)});
  const HistoryPart part{&history, {}};
  const Merged merged = Merged::of({&part, 1}).value();
  const auto files = merged.files();
  ASSERT_EQ(files.size(), 2u);
  EXPECT_EQ(files[0].file, 3u);
  ASSERT_EQ(files[1].writes.size(), 2u);
  EXPECT_EQ(files[1].writes[0].stamp, stamp_of(1, 3));
}

TEST(Merge, WhatIsNotOfOneRunIsRefused) {
  Script script;
  script.write(kOld, {0, 1}, call(0, 1));
  const HistoryPart twice[] = {on_host(script, 0, 0, 0), on_host(script, 0, 0, 0)};
  EXPECT_THAT(refusal(twice), HasSubstr("names two writes"));
  const Script other;
  const HistoryPart clocks[] = {on_host(script, 4, 0, 0), on_host(other, 4, 1, 0)};
  EXPECT_THAT(refusal(clocks), HasSubstr("host 4 has two different clocks"));
  const HistoryPart negative = on_host(script, 0, 0, -1);
  EXPECT_THAT(refusal({&negative, 1}), HasSubstr("give or take -1 ns"));
  Script bad;
  bad.write(kNew, {0, 0}, call(0, 1));
  const HistoryPart broken = on_host(bad, 0, 0, 0);
  EXPECT_THAT(refusal({&broken, 1}), HasSubstr("write 0"));
}

// A writer on one host, a reader on another, whose clocks are 3 ns apart at most.
TEST(Merge, WhatIsYoungerThanEpsilonIsUndecided) {
  const auto judge = [](std::int64_t invoked) {
    Script writer;
    writer.write(kOld, blocks(0, 1), call(0, 10));
    writer.write(kNew, blocks(0, 1), call(50, 100));
    writer.apply(kOld, blocks(0, 1), 5);
    writer.apply(kNew, blocks(0, 1), 60);
    Script reader;
    reader.read(2, blocks(0, 1), kOld, call(invoked, 200));
    const HistoryPart parts[] = {on_host(writer, 0, 0, 1), on_host(reader, 1, 0, 2)};
    return check(parts).value().blocks.total;
  };
  EXPECT_EQ(judge(97).undecided, 0u);
  EXPECT_EQ(judge(98).undecided, 1u);
  EXPECT_EQ(judge(103).undecided, 1u);
  EXPECT_EQ(judge(103).stale, 0u);
  EXPECT_EQ(judge(104).undecided, 0u);
  EXPECT_EQ(judge(104).stale, 1u);
  EXPECT_EQ(judge(104).age.max(), sim::Duration(1)) << "as old as it is for certain";
}

TEST(Merge, OnOneHostClocksAreExactHoweverUncertain) {
  Script both;
  both.write(kOld, blocks(0, 1), call(0, 10));
  both.write(kNew, blocks(0, 1), call(50, 100));
  both.apply(kOld, blocks(0, 1), 5);
  both.apply(kNew, blocks(0, 1), 60);
  both.read(2, blocks(0, 1), kOld, call(100, 200));
  both.read(2, blocks(0, 1), kOld, call(101, 200));
  const Script elsewhere;
  const HistoryPart parts[] = {on_host(both, 0, 0, 1000), on_host(elsewhere, 1, 0, 1000)};
  const ReadCounts counts = check(parts).value().blocks.total;
  EXPECT_EQ(counts.stale, 1u);
  EXPECT_EQ(counts.undecided, 0u);
}

// Random writes and reads, each recorded in one of `ways` histories by its client.
std::vector<History> random_histories(std::uint64_t seed, std::uint32_t ways) {
  sim::Rng rng(seed);
  std::vector<History> histories(ways);
  for (std::uint64_t i = 1; i <= 200; ++i) {
    const auto client = static_cast<std::uint32_t>(rng.below(7));
    const sim::Bytes block = rng.below(20);
    const auto begin = static_cast<std::int64_t>(rng.below(2000));
    const Call when = call(begin, begin + 50);
    History& history = histories[client % ways];
    if (rng.chance(1, 2)) {
      const std::uint64_t stamp = stamp_of(client, i);
      history.write({1, blocks(block, block + 5), stamp, 0, Ending::ok, false, when});
    } else {
      const auto writer = static_cast<std::uint32_t>(rng.below(7));
      const ReadRun run{kBlock, stamp_of(writer, rng.below(i)), Basis::unstated, sim::TimePoint()};
      ReadEvent read;
      read.file = 1;
      read.offset = block * kBlock;
      read.client = client;
      read.call = when;
      history.read(read, {&run, 1});
    }
  }
  return histories;
}

Verdict verdict_of(const std::vector<History>& histories) {
  std::vector<HistoryPart> parts;
  for (const History& history : histories) {
    parts.push_back({&history, {}});
  }
  return check(parts).value();
}

void expect_same(const RegisterVerdict& a, const RegisterVerdict& b) {
  EXPECT_EQ(a.total.reads, b.total.reads);
  EXPECT_EQ(a.total.stale, b.total.stale);
  EXPECT_EQ(a.total.undecided, b.total.undecided);
  EXPECT_EQ(a.total.age.sum(), b.total.age.sum());
  EXPECT_EQ(a.impossible, b.impossible);
  for (std::size_t g = 0; g < kGuarantees; ++g) {
    EXPECT_EQ(a.guarantees[g].violations, b.guarantees[g].violations);
    EXPECT_EQ(a.guarantees[g].undecided, b.guarantees[g].undecided);
  }
}

TEST(Merge, SplitHistoriesGiveTheVerdictOfTheWhole) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const Verdict whole = verdict_of(random_histories(seed, 1));
    const Verdict split = verdict_of(random_histories(seed, 5));
    expect_same(whole.blocks, split.blocks);
    EXPECT_GT(whole.blocks.impossible, 0u);
    EXPECT_EQ(whole.stories.size(), split.stories.size());
  }
}

TEST(Merge, HistoriesThatWereSentAsBytesAreAsGood) {
  std::vector<History> sent;
  for (const History& history : random_histories(1, 3)) {
    sent.push_back(decode_history(encode_history(history)).value());
  }
  expect_same(verdict_of(random_histories(1, 3)).blocks, verdict_of(sent).blocks);
}

}  // namespace
}  // namespace cachemodel
