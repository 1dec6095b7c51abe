#include "scenarios/run/cache_notes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/run/run_testing.h"

namespace scenarios {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

void add(reports::PhaseResult& phase, const char* op) {
  reports::LatencySummary latency;
  latency.op = op;
  phase.latency.push_back(latency);
}

reports::PhaseResult reading(sim::Bytes bytes) {
  reports::PhaseResult phase;
  phase.name = "read";
  phase.bytes = bytes;
  add(phase, "read");
  return phase;
}

Meter::Period fetching(sim::Bytes fetched) {
  Meter::Period period;
  period.begin.fetched = 7;
  period.end.fetched = 7 + fetched;
  return period;
}

TEST(CacheNotes, MoreThanHalfFromClientCachesIsTold) {
  EXPECT_THAT(cache_notes(reading(100), fetching(50)), IsEmpty());
  EXPECT_THAT(cache_notes(reading(100), fetching(49)),
              ElementsAre(HasSubstr("read: 51 % of what was read came from the clients' own")));
  EXPECT_THAT(cache_notes(reading(100), fetching(300)), IsEmpty());
}

TEST(CacheNotes, MoreThanHalfFromServersCachesIsTold) {
  Meter::Period period = fetching(100);
  period.end.oss_cache.hits = 50;
  period.end.oss_cache.misses = 50;
  EXPECT_THAT(cache_notes(reading(100), period), IsEmpty());
  period.end.oss_cache.hits = 150;
  EXPECT_THAT(cache_notes(reading(100), period),
              ElementsAre(HasSubstr("75 % of what the OSTs read was in the page caches of their")));
  EXPECT_THAT(cache_notes(reading(299), period),
              ElementsAre(HasSubstr("clients' own"), HasSubstr("page caches of their servers")));
  EXPECT_THAT(cache_notes(reading(300), period), ElementsAre(HasSubstr("clients' own")))
      << "what little the servers were asked for says nothing of the phase";
}

TEST(CacheNotes, PhasesThatWriteAreLeftOut) {
  reports::PhaseResult phase = reading(100);
  add(phase, "write");
  EXPECT_THAT(cache_notes(phase, fetching(0)), IsEmpty());
  EXPECT_THAT(cache_notes(reading(0), fetching(0)), IsEmpty());
}

TEST(CacheNotes, ARunThatReadsItsOwnWritesIsTold) {
  const auto told = Contains(HasSubstr("came from the clients' own page caches"));
  EXPECT_THAT(run_text(kFirstLight, {}).notes, told);
  const std::vector<std::string> direct = {"clients[0].design.direct_io=true"};
  EXPECT_THAT(run_text(kFirstLight, direct).notes, Not(told));
}

}  // namespace
}  // namespace scenarios
