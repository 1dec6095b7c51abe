#include "scenarios/sweep/variants.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/run/check_workloads.h"
#include "scenarios/spec_printer.h"
#include "scenarios/testing.h"

namespace scenarios {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

sim::Result<Sweep> sweep_with(std::vector<std::string> sets) {
  return read_sweep({"t.json", "", std::string(kSmallest)},
                    {.sets = sets, .open = library_hardware, .check = check_workloads});
}

std::string refusal_of(const sim::Result<Sweep>& sweep) {
  return sweep ? "accepted" : sweep.error().message;
}

std::vector<std::string> labels_of(const Sweep& sweep) {
  std::vector<std::string> labels;
  for (const Variant& variant : sweep.variants) {
    labels.push_back(variant.label());
  }
  return labels;
}

TEST(Variants, ScenarioThatVariesNothingIsOneWithoutLabels) {
  const auto sweep = sweep_with({R"(thresholds={"write.ops": "> 0"})"});
  ASSERT_TRUE(sweep.ok()) << refusal_of(sweep);
  ASSERT_EQ(sweep->variants.size(), 1u);
  EXPECT_TRUE(sweep->variants[0].labels.empty());
  EXPECT_EQ(sweep->variants[0].scenario, *read(kSmallest));
  EXPECT_EQ(sweep->spec.thresholds.size(), 1u);
}

TEST(Variants, AreTheProductInTheOrderWrittenTheLastAxisFirst) {
  const auto sweep = sweep_with({R"(vary={"cluster.osts": [2, 4], "layout": ["-c 1", "-c 2"]})"});
  ASSERT_TRUE(sweep.ok()) << refusal_of(sweep);
  EXPECT_THAT(labels_of(*sweep), ElementsAre("2, -c 1", "2, -c 2", "4, -c 1", "4, -c 2"));
  EXPECT_EQ(sweep->variants[2].scenario.cluster.osts, 4u);
  EXPECT_EQ(sweep->variants[2].scenario.layout, "-c 1");
  EXPECT_EQ(sweep->variants[2].labels[1], (reports::Label{"layout", "-c 1"}));
}

TEST(Variants, EachIsTheOrdinaryScenarioWithItsValuesSet) {
  const auto sweep = sweep_with({R"(vary={"clients[*].design.max_rpcs_in_flight": [1, 2]})"});
  ASSERT_TRUE(sweep.ok()) << refusal_of(sweep);
  const auto by_hand = smallest_with({"clients[0].design.max_rpcs_in_flight=2"});
  EXPECT_EQ(sweep->variants[1].scenario, *by_hand);
  EXPECT_EQ(scenario_hash(sweep->variants[1].scenario), scenario_hash(*by_hand));
}

TEST(Variants, SettingsOfTheCommandLineComeFirst) {
  const auto sweep = sweep_with({"seed=7", "layout=-c 2", R"(vary={"layout": ["-c 1"]})"});
  ASSERT_TRUE(sweep.ok()) << refusal_of(sweep);
  EXPECT_EQ(sweep->variants[0].scenario.seed, 7u);
  EXPECT_EQ(sweep->variants[0].scenario.layout, "-c 1");
}

TEST(Variants, LaterAxisWinsOverAnEarlierOne) {
  const auto sweep = sweep_with({R"(vary={
      "cases": [{"label": "a", "set": {"seed": 1, "layout": "-c 1"}}], "seed": [2]})"});
  ASSERT_TRUE(sweep.ok()) << refusal_of(sweep);
  EXPECT_EQ(sweep->variants[0].scenario.seed, 2u);
  EXPECT_EQ(sweep->variants[0].scenario.layout, "-c 1");
}

TEST(Variants, WhatOnlyEveryVariantCompletesIsAccepted) {
  const auto sweep = read_sweep({"t.json", "", R"({"name": "s", "cluster": {"osts": 2},
      "clients": [{}], "vary": {"clients[0].workload.ior": ["-w", "-r"]}})"});
  EXPECT_TRUE(sweep.ok()) << refusal_of(sweep);
}

TEST(Variants, FaultOfOneNamesItAndThePath) {
  const std::string message = refusal_of(sweep_with({R"(vary={"layout": ["-c 1", "-z"]})"}));
  EXPECT_THAT(message, HasSubstr("t.json: variant -z: layout: "));
  EXPECT_THAT(message, Not(HasSubstr("variant -c 1")));
}

TEST(Variants, FaultOfSeveralIsToldOnceWithHowManyMore) {
  const std::string message =
      refusal_of(sweep_with({R"(vary={"layout": ["-c 1", "-z"], "seed": [1, 2, 3]})"}));
  EXPECT_THAT(message, HasSubstr("t.json: variant -z, 1 and 2 more: layout: "));
  EXPECT_EQ(message.find('\n'), std::string::npos);
}

TEST(Variants, FaultOfAllIsToldAsThatOfTheScenario) {
  const std::string message =
      refusal_of(sweep_with({"cluster.oss=9", R"(vary={"layout": ["-c 1", "-z"]})"}));
  EXPECT_THAT(message, AllOf(HasSubstr("t.json: cluster.oss: 9 object servers"),
                             HasSubstr("t.json: variant -z: layout: ")));
}

TEST(Variants, PathThatNoScenarioHasIsRefusedAtItsAxis) {
  EXPECT_THAT(
      refusal_of(sweep_with({R"(vary={"clients[0].desing": ["lustre"]})"})),
      HasSubstr("t.json: vary.clients[0].desing: clients[0] has no \"desing\"; did you mean "
                "\"design\"?"));
  EXPECT_THAT(refusal_of(sweep_with({R"(vary={"clients[1].count": [1]})"})),
              HasSubstr("there is no [1]"));
  EXPECT_THAT(refusal_of(sweep_with({R"(vary={"thresholds": [{}]})"})),
              HasSubstr("vary.thresholds: this is of the sweep"));
}

TEST(Variants, FaultsOfTheSweepAndOfTheScenarioAreToldTogether) {
  EXPECT_THAT(refusal_of(sweep_with({"vary=1", "seed=x", "bogus=1"})),
              AllOf(HasSubstr("--set bogus=1"), HasSubstr("vary: found 1"), HasSubstr("seed: ")));
}

TEST(Variants, WholeLibraryIsRead) {
  for (const std::string_view name : scenario_names()) {
    const auto sweep = load_sweep(name, {.check = check_workloads});
    EXPECT_TRUE(sweep.ok()) << name << ": " << refusal_of(sweep);
  }
  EXPECT_EQ(load_sweep("stripe_count_sweep")->variants.size(), 4u);
}

}  // namespace
}  // namespace scenarios
