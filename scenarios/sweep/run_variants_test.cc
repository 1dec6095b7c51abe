#include "scenarios/sweep/run_variants.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "scenarios/run/run_testing.h"

namespace scenarios {
namespace {

Sweep sweep_of_layouts() {
  const auto sweep = read_sweep({"t.json", "", R"({
    "name": "t", "cluster": {"osts": 4, "hardware": "nvme_2023"},
    "clients": [{"count": 2, "workload": {"ior": "-w -r -C -t 256k -b 4m -F -z"}}],
    "vary": {"layout": ["-c 1", "-c 2", "-c 4"], "seed": [1, 2]}})"});
  EXPECT_TRUE(sweep.ok()) << (sweep.ok() ? "" : sweep.error().message);
  return *sweep;
}

std::vector<std::string> json_of_runs(std::size_t jobs) {
  std::vector<std::string> texts;
  for (const auto& result : run_variants(sweep_of_layouts().variants, jobs, run_scenario)) {
    EXPECT_TRUE(result.ok());
    texts.push_back(json_of(*result));
  }
  return texts;
}

TEST(RunVariants, ResultsAreTheSameForAnyNumberOfThreads) {
  const auto one = json_of_runs(1);
  EXPECT_EQ(one.size(), 6u);
  EXPECT_EQ(one, json_of_runs(3));
  EXPECT_EQ(one, json_of_runs(100));
}

TEST(RunVariants, EachIsTheOrdinaryRun) {
  const Sweep sweep = sweep_of_layouts();
  const auto results = run_variants(sweep.variants, 2, run_scenario);
  for (std::size_t i = 0; i < results.size(); ++i) {
    EXPECT_EQ(json_of(*results[i]), json_of(*run_scenario(sweep.variants[i].scenario)));
  }
}

// Stands for a run: says which seed it had, and fails for the layout "-c 2".
sim::Result<reports::Result> pretend(const Scenario& scenario, const RunHooks& hooks) {
  if (hooks.progress) {
    hooks.progress({1, 4, {}});
  }
  if (scenario.layout == "-c 2") {
    return sim::Error{sim::Errc::timed_out, "pretended"};
  }
  reports::Result result;
  result.context.seed = scenario.seed;
  return result;
}

TEST(RunVariants, OthersRunWhenOneFails) {
  const auto results = run_variants(sweep_of_layouts().variants, 2, pretend);
  ASSERT_EQ(results.size(), 6u);
  for (std::size_t i = 0; i < results.size(); ++i) {
    EXPECT_EQ(results[i].ok(), i != 2 && i != 3) << i;
  }
  EXPECT_EQ(results[5]->context.seed, 2u);
}

TEST(RunVariants, ProgressIsThatOfAllTogether) {
  const Sweep sweep = sweep_of_layouts();
  std::vector<double> shares;
  std::vector<std::size_t> latest;
  run_variants(sweep.variants, 1, pretend, [&](const SweepProgress& p) {
    EXPECT_EQ(p.variants, 6u);
    EXPECT_EQ(p.done, shares.size());
    shares.push_back(p.share);
    latest.push_back(p.latest);
  });
  EXPECT_THAT(latest, testing::ElementsAre(0, 1, 2, 3, 4, 5));
  for (std::size_t i = 0; i < shares.size(); ++i) {
    EXPECT_DOUBLE_EQ(shares[i], (static_cast<double>(i) + 0.25) / 6);
  }
}

TEST(RunVariants, NoMoreRunAtOnceThanAsked) {
  std::atomic<int> running = 0;
  std::atomic<int> most = 0;
  const auto count = [&](const Scenario& scenario, const RunHooks& hooks) {
    const int now = ++running;
    for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
    }
    auto result = pretend(scenario, hooks);
    --running;
    return result;
  };
  run_variants(sweep_of_layouts().variants, 2, count);
  EXPECT_LE(most, 2);
}

}  // namespace
}  // namespace scenarios
