// Laws that hold whatever is run, in scenarios drawn from seeds. STRIPELAB_SWARM_SEEDS says how
// many (a few by default; the nightly run asks for many), STRIPELAB_SWARM_FIRST where to begin: a
// failure prints its seed and its scenario.
#include <gtest/gtest.h>

#include <cstdlib>

#include "scenarios/run/run_testing.h"
#include "scenarios/run/swarm_scenario.h"

namespace scenarios {
namespace {

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// Calls `law(scenario)` for every seed; the first that fails is the last.
template <typename Law>
void for_seeds(std::uint64_t few, Law law) {
  const std::uint64_t first = number_from("STRIPELAB_SWARM_FIRST", 1);
  const std::uint64_t count = number_from("STRIPELAB_SWARM_SEEDS", few);
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    const SwarmScenario scenario = swarm_scenario(seed);
    SCOPED_TRACE("STRIPELAB_SWARM_FIRST=" + std::to_string(seed) + "\n" + scenario.text);
    law(scenario);
    if (testing::Test::HasFailure()) {
      return;
    }
  }
}

void expect_verified(const reports::PhaseResult& phase) {
  const bool writes = phase.name == "write" || phase.name.starts_with("write.");
  ASSERT_EQ(phase.verification.has_value(), !writes && phase.bytes > 0) << phase.name;
  if (phase.verification) {
    EXPECT_EQ(phase.verification->words_checked, phase.bytes / 8) << phase.name;
    EXPECT_EQ(phase.verification->words_bad, 0u) << phase.name;
  }
}

// Means are whole nanoseconds, rounded down.
void expect_stages_sum_to_latency(const reports::PhaseResult& phase) {
  std::int64_t stages = 0;
  for (const auto& [stage, time] : stages_of(phase)) {
    EXPECT_GT(time, 0) << stage;
    stages += time;
  }
  std::int64_t least = 0;
  std::int64_t count = 0;
  for (const reports::LatencySummary& latency : phase.latency) {
    least += latency.mean.ns() * static_cast<std::int64_t>(latency.count);
    count += static_cast<std::int64_t>(latency.count);
  }
  EXPECT_GE(stages, least) << phase.name;
  EXPECT_LE(stages, least + count) << phase.name;
}

// Past the cache every byte crosses once, in either direction. Through the cache that holds for
// writing whole pages: a part of one needs the rest of it.
void expect_conserved(const reports::PhaseResult& phase, const SwarmScenario& scenario) {
  const bool writes = phase.name == "write" || phase.name.starts_with("write.");
  if (scenario.direct || (writes && scenario.whole_pages)) {
    EXPECT_EQ(phase.bulk_bytes, phase.bytes + phase.over_fetched_bytes) << phase.name;
  } else if (writes) {
    EXPECT_GE(phase.bulk_bytes, phase.bytes) << phase.name;
  }
}

void expect_laws(const reports::Result& result, const SwarmScenario& scenario) {
  EXPECT_FALSE(result.phases.empty());
  for (const reports::PhaseResult& phase : result.phases) {
    expect_verified(phase);
    expect_stages_sum_to_latency(phase);
    if (scenario.alone) {
      expect_conserved(phase, scenario);
    }
  }
}

// Bytes and operations. In which order phases of several groups begin is the world's affair.
std::map<std::string, std::pair<sim::Bytes, std::uint64_t>> done_by_phase(
    const reports::Result& result) {
  std::map<std::string, std::pair<sim::Bytes, std::uint64_t>> done;
  for (const reports::PhaseResult& phase : result.phases) {
    done[phase.name] = {phase.bytes, phase.ops};
  }
  return done;
}

TEST(Swarm, LawsHoldAndTheSameSeedGivesTheSameBytes) {
  for_seeds(40, [](const SwarmScenario& scenario) {
    const reports::Result result = run_text(scenario.text, {});
    expect_laws(result, scenario);
    EXPECT_EQ(json_of(result), json_of(run_text(scenario.text, {})));
  });
}

// Devices that take time would take it for real.
TEST(Swarm, LawsHoldOverTcpAndTheSameBytesAreMoved) {
  for_seeds(8, [](const SwarmScenario& scenario) {
    if (!scenario.instant) {
      return;
    }
    const std::vector<std::string> tcp = {"world=socket"};
    const reports::Result socket = run_text(scenario.text, tcp);
    expect_laws(socket, scenario);
    const reports::Result sim = run_text(scenario.text, {});
    EXPECT_EQ(done_by_phase(sim), done_by_phase(socket));
  });
}

}  // namespace
}  // namespace scenarios
