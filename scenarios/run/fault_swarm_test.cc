// What holds whatever goes wrong: under locks a read is stale only while its client does not know
// that it was evicted, what was synced is never lost, and every other loss is told.
// STRIPELAB_SWARM_SEEDS says how many scenarios (100 by default), STRIPELAB_SWARM_FIRST where to
// begin: a failure prints its seed and its scenario.
#include "scenarios/run/fault_swarm.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "scenarios/run/run_testing.h"

namespace scenarios {
namespace {

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// All there was of it.
struct Sum {
  std::uint64_t evictions = 0;
  std::uint64_t recoveries = 0;
  std::uint64_t lost = 0;
  std::uint64_t replayed_changes = 0;
  std::uint64_t stale = 0;
  std::uint64_t reads = 0;
};

void expect_stale_only_when_evicted(const char* what, const reports::RegisterCoherence& registers,
                                    bool evicted) {
  SCOPED_TRACE(what);
  EXPECT_EQ(registers.unexcused, 0u);
  if (!evicted) {
    EXPECT_EQ(registers.staleness.stale, 0u);
    EXPECT_EQ(registers.impossible, 0u);
  }
}

// When the client can have learnt last that it was evicted then: what is wrong meanwhile between it
// and that server, and recoveries in which the server does not take it, make it later.
sim::TimePoint noticed_by(const reports::Eviction& eviction, const FaultScenario& scenario,
                          const reports::Liveness& liveness) {
  std::vector<FaultScenario::Outage> outages = scenario.outages;
  for (const reports::Recovery& recovery : liveness.recoveries) {
    outages.push_back(
        {recovery.start, recovery.start + recovery.time, std::nullopt, recovery.server});
  }
  std::ranges::sort(outages, {}, &FaultScenario::Outage::from);
  sim::TimePoint heard = eviction.at;
  for (const FaultScenario::Outage& outage : outages) {
    if (outage.concerns(eviction.client, eviction.server) &&
        outage.from <= heard + scenario.notices_within) {
      heard = std::max(heard, outage.to);
    }
  }
  return heard + scenario.notices_within + scenario.network;
}

// Each client by its own evictions. The MDT is a client of the OSTs too; its evictions are only
// counted, since it reads nothing and keeps no locks there: nothing is stale until it notices.
void expect_evictions_are_noticed(const reports::Liveness& liveness,
                                  const FaultScenario& scenario) {
  EXPECT_EQ(liveness.evicted.size() + liveness.mdt_evictions, liveness.evictions);
  for (const reports::Eviction& eviction : liveness.evicted) {
    SCOPED_TRACE("client " + std::to_string(eviction.client) + " by " + eviction.server + " at " +
                 std::to_string(eviction.at.ns()));
    EXPECT_LE(eviction.missed, eviction.at + scenario.notices_within + scenario.network);
    EXPECT_LE(eviction.missed, eviction.until);
    EXPECT_LE(eviction.until, noticed_by(eviction, scenario, liveness));
  }
}

void expect_all_holds(const reports::Result& result, const FaultScenario& scenario) {
  ASSERT_TRUE(result.coherence.has_value());
  ASSERT_TRUE(result.liveness.has_value());
  const reports::Coherence& coherence = *result.coherence;
  const bool evicted = result.liveness->evictions > 0;
  expect_evictions_are_noticed(*result.liveness, scenario);
  expect_stale_only_when_evicted("blocks", coherence.blocks, evicted);
  EXPECT_EQ(coherence.blocks.impossible, 0u);
  // Of a file over several objects, a client that one server has given up may know one of them from
  // before and the others as they are: a size that the file never had.
  expect_stale_only_when_evicted("sizes", coherence.sizes, evicted);
  EXPECT_EQ(coherence.mtimes.impossible, 0u) << "times";
  EXPECT_EQ(coherence.lost_after_fsync, 0u);
  EXPECT_EQ(result.liveness->leaked_locks, 0u);
  // The metadata server takes all that is brought back, unless somebody was missing.
  if (std::ranges::count(result.liveness->evicted, "mds0", &reports::Eviction::server) == 0) {
    EXPECT_EQ(result.liveness->lost_changes, 0u);
  }
  if (coherence.lost > 0) {
    EXPECT_GT(result.liveness->lost_bytes + result.liveness->unknown_bytes, 0u);
  }
}

void run_swarm(MdsRestarts mds) {
  const std::uint64_t first = number_from("STRIPELAB_SWARM_FIRST", 1);
  const std::uint64_t count = number_from("STRIPELAB_SWARM_SEEDS", 100);
  Sum sum;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    const FaultScenario scenario = fault_swarm_scenario(seed, mds);
    SCOPED_TRACE("STRIPELAB_SWARM_FIRST=" + std::to_string(seed) + "\n" + scenario.text);
    const reports::Result result = run_anyhow(scenario.text, {});
    expect_all_holds(result, scenario);
    if (testing::Test::HasFatalFailure()) {
      return;
    }
    sum.evictions += result.liveness->evictions;
    sum.recoveries += result.liveness->recoveries.size();
    sum.lost += result.coherence->lost;
    for (const reports::Recovery& recovery : result.liveness->recoveries) {
      sum.replayed_changes += recovery.server == "mds0" ? recovery.replayed_requests : 0;
    }
    sum.stale += result.coherence->blocks.staleness.stale;
    sum.reads += result.coherence->blocks.staleness.reads;
    if (testing::Test::HasFailure()) {
      for (const std::string& story : result.coherence->stories) {
        ADD_FAILURE() << story;
      }
      return;
    }
  }
  // The scenarios are of use only if all of it happens now and then.
  EXPECT_GT(sum.reads, 0u);
  if (count >= 100) {
    EXPECT_GT(sum.evictions, 0u);
    EXPECT_GT(sum.recoveries, 0u);
    EXPECT_GT(sum.lost, 0u);
    EXPECT_TRUE(sum.stale > 0 || mds == MdsRestarts::yes);
    EXPECT_TRUE(sum.replayed_changes > 0 || mds == MdsRestarts::no);
  }
}

TEST(FaultSwarm, LossIsToldAndStalenessEndsWhenAnEvictionIsNoticed) { run_swarm(MdsRestarts::no); }

TEST(FaultSwarm, TheSameHoldsWhereTheMetadataServerRestarts) { run_swarm(MdsRestarts::yes); }

}  // namespace
}  // namespace scenarios
