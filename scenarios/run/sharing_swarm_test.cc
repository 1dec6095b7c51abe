// Under extent locks no read is stale, whatever is run. STRIPELAB_SWARM_SEEDS says how many
// scenarios (200 by default), STRIPELAB_SWARM_FIRST where to begin: a failure prints its seed and
// its scenario.
#include "scenarios/run/sharing_swarm.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "scenarios/run/run_testing.h"

namespace scenarios {
namespace {

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

void expect_linearizable(const char* what, const reports::RegisterCoherence& registers) {
  SCOPED_TRACE(what);
  EXPECT_EQ(registers.staleness.stale, 0u);
  EXPECT_EQ(registers.impossible, 0u);
  for (const reports::GuaranteeResult& guarantee : registers.guarantees) {
    EXPECT_EQ(guarantee.violations, 0u) << guarantee.name;
  }
}

// A glimpse asks the clients that may have made a file longer, as Lustre's does: of what another
// has rewritten and not written back, it shows no time. But nothing else than such a time is
// missing.
void expect_known_times(const reports::RegisterCoherence& mtimes) {
  EXPECT_EQ(mtimes.impossible, 0u) << "mtimes";
  for (const reports::GuaranteeResult& guarantee : mtimes.guarantees) {
    if (guarantee.name == "read_your_writes" || guarantee.name == "monotonic_reads") {
      EXPECT_EQ(guarantee.violations, 0u) << "mtimes: " << guarantee.name;
    }
  }
}

// Scenarios from number_from(FIRST) on; `attributes`: sizes are never stale either, and times only
// as far as locks allow. Returns block reads.
std::uint64_t run_swarm(SwarmPolicy policy, std::uint64_t count, bool attributes) {
  const std::uint64_t first = number_from("STRIPELAB_SWARM_FIRST", 1);
  std::uint64_t reads = 0;
  for (std::uint64_t seed = first; seed < first + count && !testing::Test::HasFailure(); ++seed) {
    const std::string text = sharing_swarm_scenario(seed, policy);
    SCOPED_TRACE("STRIPELAB_SWARM_FIRST=" + std::to_string(seed) + "\n" + text);
    const reports::Result result = run_text(text, {});
    EXPECT_TRUE(result.errors.empty()) << result.errors.front();
    EXPECT_TRUE(result.coherence.has_value());
    const reports::Coherence coherence = result.coherence.value_or(reports::Coherence());
    expect_linearizable("blocks", coherence.blocks);
    if (attributes) {
      expect_linearizable("sizes", coherence.sizes);
      expect_known_times(coherence.mtimes);
    }
    EXPECT_EQ(coherence.lost, 0u);
    EXPECT_EQ(coherence.failed_writes, 0u);
    reads += coherence.blocks.staleness.reads;
    for (const std::string& story : coherence.stories) {
      EXPECT_FALSE(testing::Test::HasFailure()) << story;
    }
  }
  return reads;
}

TEST(SharingSwarm, NoReadIsStaleUnderLocks) {
  EXPECT_GT(run_swarm(SwarmPolicy::ldlm, number_from("STRIPELAB_SWARM_SEEDS", 200), true), 0u);
}

// An oplock tells nothing of a file's end: sizes are not judged.
TEST(SharingSwarm, NoReadIsStaleWhereAFilterRedirectsAll) {
  const std::uint64_t count = number_from("STRIPELAB_SWARM_SEEDS", 100);
  EXPECT_GT(run_swarm(SwarmPolicy::split_redirected, count, false), 0u);
}

TEST(SharingSwarm, NoReadIsStaleWhereAFilterHasNothingButPagingIoToRedirect) {
  const std::uint64_t count = number_from("STRIPELAB_SWARM_SEEDS", 100);
  EXPECT_GT(run_swarm(SwarmPolicy::split_cached, count, false), 0u);
}

}  // namespace
}  // namespace scenarios
