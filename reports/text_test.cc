#include "reports/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "reports/sample.h"

namespace reports {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

std::string written(const Result& result) {
  std::ostringstream out;
  EXPECT_TRUE(write_text(result, out).ok());
  return out.str();
}

TEST(Text, PhaseStandsBesideItsTailAndItsLimit) {
  const std::string text = written(sample_result());
  EXPECT_THAT(text, ContainsRegex("read +11\\.1 GiB/s +1 GiB in 90 ms"));
  EXPECT_THAT(text, HasSubstr("first done 80 ms, last done 90 ms; slowest is rank 7 with 88 ms"));
  EXPECT_THAT(text, ContainsRegex("limited by +oss0\\.nic\\.out, 95\\.0 % busy"));
}

TEST(Text, LargestStageComesFirst) {
  EXPECT_THAT(written(sample_result()), HasSubstr("device 75.0 %  fabric 25.0 %  of 1 s"));
}

TEST(Text, StagesBeyondTheShownAreSummed) {
  Result r = sample_result();
  auto& stages = r.phases[0].foreground;
  stages.clear();
  for (std::size_t i = 0; i < kListShown + 2; ++i) {
    stages.push_back({"stage" + std::to_string(i), sim::milliseconds(1)});
  }
  const std::string text = written(r);
  EXPECT_THAT(text, HasSubstr("others 25.0 %"));
  EXPECT_THAT(text, Not(HasSubstr("stage6")));
}

TEST(Text, LatencyBoundNamesTheLargestStage) {
  Result r = sample_result();
  r.phases[0].limit = {Limit::Kind::latency_bound, "device", 0.75};
  EXPECT_THAT(written(r), HasSubstr("the largest stage is device, 75.0 %"));
}

TEST(Text, PerOstShowsBothEndsAndWhoTheyAre) {
  const std::string text = written(sample_result());
  EXPECT_THAT(text, HasSubstr("busy [50.0 %, 75.0 %]"));
  EXPECT_THAT(text, HasSubstr("slowest OST 0, fastest OST 3, of 8"));
}

TEST(Text, BadWordsAreShouted) {
  Result r = sample_result();
  EXPECT_THAT(written(r), HasSubstr("134,217,728 words, all good"));
  r.phases[0].verification->words_bad = 1;
  EXPECT_THAT(written(r), HasSubstr("1 of 134,217,728 words are BAD"));
}

TEST(Text, ErrorsAndNotesAreShown) {
  const std::string text = written(sample_result());
  EXPECT_THAT(text, HasSubstr("error: rank 3"));
  EXPECT_THAT(text, HasSubstr("note: the page cache held all data"));
}

TEST(Text, OneGroupIsNotRepeatedBesideThePhase) {
  Result r = sample_result();
  EXPECT_THAT(written(r), HasSubstr("pcifs_sfilter"));
  r.phases[0].groups.pop_back();
  EXPECT_THAT(written(r), Not(HasSubstr("pcifs_sfilter")));
}

TEST(Text, TellsHowStaleReadsWereAndWhatWasPromised) {
  Result r = sample_result();
  const std::string text = written(r);
  EXPECT_THAT(text, HasSubstr("stale       1,024 of 4,096 block reads, 250,000 per million"));
  EXPECT_THAT(text, HasSubstr("age p50 1 ms, p99 9 ms, max 10 ms"));
  EXPECT_THAT(text, HasSubstr("250,000 per million reads stale")) << "of the group";
  EXPECT_THAT(text, HasSubstr("BROKEN linearizable (12)"));
  EXPECT_THAT(text, HasSubstr("held read_your_writes"));
  EXPECT_THAT(text, HasSubstr("2 blocks lost"));
  EXPECT_THAT(text, HasSubstr("\n    newer: write 1 of client 1"));
  EXPECT_THAT(text, Not(HasSubstr("times "))) << "nobody asked for one";
  r.coherence.reset();
  EXPECT_THAT(written(r), Not(HasSubstr("BROKEN")));
}

TEST(Text, PurgesStandBesideWhatWasStaleOrBesideTheRpcs) {
  Result r = sample_result();
  EXPECT_THAT(written(r), HasSubstr("5 false invalidations; 9 purges, 2 failed"));
  r.phases[0].coherence.reset();
  EXPECT_THAT(written(r), HasSubstr("  9 purges, 2 failed"));
  r.phases[0].purges = 0;
  EXPECT_THAT(written(r), Not(HasSubstr("purges")));
}

TEST(Text, TellsOfEvictionsAndRecoveriesIfThereWereAny) {
  Result r = sample_result();
  const std::string text = written(r);
  EXPECT_THAT(text, HasSubstr("faults      2 evictions, 1 for a lock; 4 KiB lost, 8 KiB unknown; 3 "
                              "reconnects; 1 recoveries, up to 70 ms, 9 replayed\n"));
  EXPECT_THAT(text, Not(HasSubstr("changes of names")));
  r.liveness->lost_changes = 5;
  EXPECT_THAT(written(r), HasSubstr("lost        5 changes of names and attributes\n"));
  r.liveness = Liveness();
  EXPECT_THAT(written(r), Not(HasSubstr("faults ")));
}

TEST(Text, EmptyResultStillSaysWhatRan) {
  Result r;
  r.context.scenario = "nothing";
  r.phases = {PhaseResult{}};
  EXPECT_THAT(written(r), HasSubstr("nothing:"));
}

TEST(Text, APhaseThatMovesNothingIsMeasuredInOperations) {
  Result r;
  PhaseResult& phase = r.phases.emplace_back();
  phase.name = "remove";
  phase.ops = 30;
  phase.end = sim::TimePoint() + sim::milliseconds(20);
  EXPECT_THAT(written(r), HasSubstr("remove    1,500 op/s   30 ops in 20 ms by 0 ranks\n"));
  phase.bytes = 1;
  EXPECT_THAT(written(r), HasSubstr("remove    50.0 B/s   1 B in 20 ms"));
}

TEST(Text, FitsAScreen) {
  const std::string text = written(sample_result());
  std::istringstream lines(text);
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    EXPECT_LE(line.size(), 120u) << line;
  }
  EXPECT_LE(count, 32);
}

TEST(Text, ClosedStreamIsAnIoError) {
  std::ostringstream out;
  out.setstate(std::ios::badbit);
  EXPECT_EQ(write_text(sample_result(), out).code(), sim::Errc::io_error);
}

}  // namespace
}  // namespace reports
