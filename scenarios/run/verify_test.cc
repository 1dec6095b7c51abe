// What a run says of the data it read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/run/assemble.h"
#include "scenarios/run/run_testing.h"

namespace scenarios {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Two nodes whose caches are their own.
const std::vector<std::string> kTwoNodes = {"clients[0].count=2",
                                            "clients[0].design.coherence=unshared"};

reports::Result run_ior(const std::string& line, std::vector<std::string> sets = {}) {
  sets.push_back("clients[0].workload.ior=" + line);
  return run_anyhow(kFirstLight, sets);
}

TEST(Verify, WordsNobodyWroteAreErrorsOfTheRun) {
  reports::PhaseResult good;
  good.verification = reports::Verification{100, 0};
  reports::PhaseResult bad;
  bad.name = "read";
  bad.verification = reports::Verification{100, 1};
  EXPECT_THAT(verification_errors({good, reports::PhaseResult(), bad}),
              ElementsAre(HasSubstr("read: 1 of 100 words")));
}

// The writers' data is still in their caches when the other node reads.
TEST(Verify, AcknowledgedDataThatReadsAsZerosOrIsNotThereIsBad) {
  for (const char* line : {"-w -r -C -t 1m -b 4m", "-w -r -C -F -t 1m -b 4m"}) {
    const reports::Result lost = run_ior(line, kTwoNodes);
    const reports::PhaseResult read = phase_of(lost, "read");
    ASSERT_TRUE(read.verification.has_value());
    EXPECT_EQ(read.verification->words_bad, 8 * sim::kMiB / 8)
        << line << ", of which came " << read.bytes << " bytes";
    EXPECT_THAT(lost.errors, Contains(HasSubstr("are not what was written"))) << line;
  }
  const reports::Result kept = run_ior("-w -r -C -e -t 1m -b 4m", kTwoNodes);
  EXPECT_EQ(phase_of(kept, "read").verification->words_bad, 0u);
  EXPECT_THAT(kept.errors, IsEmpty());
}

TEST(Verify, ReadingWhatAnotherClientKeepsDirtyIsNoted) {
  std::vector<std::string> unverified = kTwoNodes;
  unverified.push_back("verify=false");
  const auto notes = [&](const std::string& line) { return run_ior(line, unverified).notes; };
  const auto noted = Contains(HasSubstr("another client had written"));
  EXPECT_THAT(notes("-w -r -C -t 1m -b 4m"), noted);
  EXPECT_THAT(notes("-w -r -C -e -t 1m -b 4m"), Not(noted)) << "brought to the servers in time";
  EXPECT_THAT(notes("-w -r -t 1m -b 4m"), Not(noted)) << "its own";
  EXPECT_THAT(notes("-w -r -C -t 1m -b 4m --posix.odirect"), Not(noted)) << "past the cache";
}

TEST(Verify, ChecksOfIorCompareEvenIfTheScenarioDoesNotAsk) {
  const auto verified = [](const std::string& line, std::string_view phase) {
    return phase_of(run_ior(line, {"verify=false"}), phase).verification;
  };
  EXPECT_FALSE(verified("-w -r -t 1m -b 4m", "read").has_value());
  for (const auto& [line, phase] : std::vector<std::pair<const char*, const char*>>{
           {"-w -R -t 1m -b 4m", "read"}, {"-w -W -r -t 1m -b 4m", "write_check"}}) {
    const auto result = verified(line, phase);
    ASSERT_TRUE(result.has_value()) << line;
    EXPECT_EQ(result->words_checked, 4 * sim::kMiB / 8);
    EXPECT_EQ(result->words_bad, 0u);
  }
  EXPECT_FALSE(verified("-w -W -r -t 1m -b 4m", "read").has_value()) << "only the check compares";
}

TEST(Verify, ChecksOfIorSayThatStoresWithoutContentsHaveNothingToCompare) {
  const std::vector<std::string> modelled = {"verify=false", "cluster.overrides.store=modelled"};
  const auto noted = Contains(HasSubstr("compared nothing"));
  EXPECT_THAT(run_ior("-w -R -t 1m -b 4m", modelled).notes, noted);
  EXPECT_THAT(run_ior("-w -W -t 1m -b 4m", modelled).notes, noted);
  EXPECT_THAT(run_ior("-w -r -t 1m -b 4m", modelled).notes, Not(noted));
}

}  // namespace
}  // namespace scenarios
