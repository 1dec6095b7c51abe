#include "scenarios/spec_printer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/json_text.h"
#include "scenarios/testing.h"

namespace scenarios {
namespace {

TEST(Print, ReadingWhatWasPrintedGivesTheSameScenario) {
  for (const std::string_view name : scenario_names()) {
    for (const std::string_view hardware : hardware_names()) {
      const std::string use = "cluster.hardware=" + std::string(hardware);
      const auto first = load_scenario(name, {.sets = std::vector{use}});
      ASSERT_TRUE(first.ok()) << refusal(first);
      const auto second = read(print_config(*first));
      ASSERT_TRUE(second.ok()) << refusal(second);
      EXPECT_EQ(*first, *second) << name << " on " << hardware;
      EXPECT_EQ(print_config(*first), print_config(*second));
    }
  }
}

TEST(Print, TaskCountAndTopologySurvive) {
  const auto first = smallest_with(
      {"clients[0].workload.tasks=3", "cluster.overrides.fabric.topology.two_tier.leaf_ports=5"});
  ASSERT_TRUE(first.ok()) << refusal(first);
  EXPECT_EQ(*read(print_config(*first)), *first);
}

TEST(Print, ConfigurationIsResolvedNotNamed) {
  const auto s = load_scenario("ior_easy");
  const Json config = *parse_json(print_config(*s), "config");
  EXPECT_EQ(config["cluster"]["hardware"]["client"]["nic_rate"], "25GB/s");
  EXPECT_EQ(config["clients"][0]["design"]["max_rpc_size"], "4MiB");
  EXPECT_FALSE(config["cluster"].contains("overrides"));
}

TEST(Hash, HasSixteenDigitsAndIgnoresTheSeedAndTheDirectory) {
  Scenario s = *read(kSmallest);
  const std::string hash = scenario_hash(s);
  EXPECT_THAT(hash, testing::MatchesRegex("[0-9a-f]{16}"));
  s.seed = 2;
  s.directory = "elsewhere";
  EXPECT_EQ(scenario_hash(s), hash);
}

TEST(Hash, TellsScenariosApart) {
  Scenario s = *read(kSmallest);
  const std::string hash = scenario_hash(s);
  s.clients[0].design.max_rpcs_in_flight = 9;
  EXPECT_NE(scenario_hash(s), hash);
}

TEST(Hash, NamedAndSpelledOutHardwareAreTheSame) {
  const auto named = smallest_with({"cluster.hardware=nvme_2023"});
  const auto spelled = read(print_config(*named));
  EXPECT_EQ(scenario_hash(*named), scenario_hash(*spelled));
}

}  // namespace
}  // namespace scenarios
