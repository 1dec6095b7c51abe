// `stripelab run` of scenarios that vary something or expect something.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "bench/command_line_testing.h"
#include "reports/sweep_json_testing.h"

namespace bench {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kSweep = R"({
  "name": "small",
  "cluster": {"osts": 2, "hardware": "nvme_2023"},
  "clients": [{"workload": {"ior": "-w -e -t 1m -b 2m"}}],
  "vary": {"layout": ["-c 1", "-c 2"], "seed": [1, 2]},
  "thresholds": {"write.bandwidth[-c 2] / write.bandwidth[-c 1]": ">= 0.1",
                 "write.ops": "> 0"}
})";

Ran run(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"run", "small.json"});
  return run_stripelab(arguments);
}

class SweepCommand : public testing::Test {
 protected:
  SweepCommand() : folder_(fresh_folder("sweep")), user_(folder_) {
    write_text(folder_ / "small.json", kSweep);
  }
  std::filesystem::path folder_;
  UserIn user_;
};

TEST_F(SweepCommand, OneCommandRunsAllVariantsAndComparesThem) {
  const Ran ran = run({});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, AllOf(StartsWith("small: 4 variants, sim world, hardware nvme_2023"),
                             HasSubstr("\nlayout  seed "), HasSubstr("\n-c 2    2 "),
                             HasSubstr("  ok    write.ops > 0: ")));
  EXPECT_THAT(ran.out, Not(HasSubstr("time goes")));
  EXPECT_THAT(run({"--full"}).out, HasSubstr("time goes"));
}

TEST_F(SweepCommand, ThresholdThatFailsIsExitCodeOne) {
  const Ran ran = run({"--set", R"(thresholds={"write.bandwidth[-c 1]": "<= 1B/s"})"});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_THAT(ran.out, HasSubstr("  FAIL  write.bandwidth[-c 1] <= 1B/s: "));
  EXPECT_EQ(ran.err, "");
}

TEST_F(SweepCommand, RunThatFailsIsExitCodeThreeWhateverTheThresholds) {
  const Ran ran =
      run({"--set", R"(vary={"cluster.overrides.ost_device.nvme.capacity": ["1GiB", "64KiB"]})",
           "--set", R"(thresholds={"context.events": "< 0"})"});
  EXPECT_EQ(ran.exit_code, 3);
  EXPECT_THAT(ran.out, AllOf(HasSubstr("error in 64KiB: "), HasSubstr("\n1GiB "),
                             HasSubstr("  FAIL  context.events < 0: ")));
}

TEST_F(SweepCommand, ThresholdsAreUnderstoodBeforeAnythingRuns) {
  const Ran ran = run({"--set", R"(thresholds={"write.bandwith": ">= 1GiB/s", "x": "1"})"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_EQ(ran.out, "");
  EXPECT_THAT(ran.err, AllOf(HasSubstr("small.json: thresholds.write.bandwith: "),
                             HasSubstr("did you mean \"bandwidth\"?"),
                             HasSubstr("small.json: thresholds.x: ")));
}

TEST_F(SweepCommand, VariantThatIsWrongIsFoundBeforeAnythingRuns) {
  const Ran ran = run({"--set", R"(vary={"layout": ["-c 1", "-c x"]})"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_EQ(ran.out, "");
  EXPECT_THAT(ran.err, HasSubstr("small.json: variant -c x: layout: "));
}

TEST_F(SweepCommand, ScenarioWithoutVariantsPrintsItsThresholdsBehindItsResult) {
  const Ran plain = run({"--set", "vary={}", "--set", "thresholds={}"});
  const Ran judged = run({"--set", "vary={}", "--set", R"(thresholds={"write.ops": "> 0"})"});
  const auto head = [](const Ran& ran) { return ran.out.substr(0, ran.out.find("events")); };
  EXPECT_EQ(head(plain), head(judged));
  EXPECT_THAT(plain.out, Not(HasSubstr("thresholds")));
  EXPECT_THAT(judged.out, HasSubstr("\nthresholds\n  ok    write.ops > 0: "));
}

TEST_F(SweepCommand, JsonIsOneValidDocumentTheSameForAnyJobs) {
  const auto written = [](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"--out", "json=-"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    json document = json::parse(run(arguments).out);
    EXPECT_EQ(reports::sweep_schema_faults(document), "");
    for (json& variant : document["variants"]) {
      variant["result"].erase("host");
    }
    return document;
  };
  const json one = written({});
  EXPECT_EQ(one["variants"].size(), 4u);
  EXPECT_EQ(one["thresholds"].size(), 2u);
  EXPECT_EQ(one, written({"--jobs", "3"}));
}

TEST_F(SweepCommand, LinesAreAppendedAndOtherFormatsReplaced) {
  for (const char* seed : {"1", "2"}) {
    EXPECT_EQ(run({"--set", "vary={\"seed\": [" + std::string(seed) + "]}", "--set",
                   "thresholds={}", "--out", "jsonl=all.jsonl", "--out", "markdown=table.md"})
                  .exit_code,
              0);
  }
  std::istringstream in(text_of(folder_ / "all.jsonl"));
  std::vector<std::string> variants;
  for (std::string line; std::getline(in, line);) {
    variants.push_back(json::parse(line)["variant"].get<std::string>());
  }
  EXPECT_THAT(variants, testing::ElementsAre("1", "2"));
  EXPECT_THAT(text_of(folder_ / "table.md"), AllOf(StartsWith("| seed |"), HasSubstr("\n| 2 |")));
  EXPECT_THAT(text_of(folder_ / "table.md"), Not(HasSubstr("\n| 1 |")));
}

TEST_F(SweepCommand, ConfigIsThatOfEveryVariant) {
  const Ran ran = run({"--print-config"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  const json configs = json::parse(ran.out);
  ASSERT_EQ(configs.size(), 4u);
  EXPECT_EQ(configs[3]["variant"], "-c 2, 2");
  EXPECT_EQ(configs[3]["scenario"]["layout"], "-c 2");
  EXPECT_EQ(configs[3]["scenario"]["seed"], 2);
  const Ran single =
      run({"--print-config", "--set", "vary={}", "--set", R"(thresholds={"write.ops": "> 0"})"});
  EXPECT_TRUE(json::parse(single.out).contains("thresholds"));
}

TEST_F(SweepCommand, RealTimeRunsDoNotShareTheMachine) {
  const Ran ran =
      run({"--jobs", "2", "--world", "socket", "--set", "cluster.overrides.store=memory"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.err, HasSubstr("--jobs: "));
  EXPECT_EQ(run({"--jobs", "0"}).exit_code, 2);
}

TEST_F(SweepCommand, ListSaysHowManyVariantsThereAre) {
  EXPECT_THAT(run_stripelab({"list"}).out,
              testing::ContainsRegex("stripe_count_sweep .*\\(4 variants\\)"));
}

}  // namespace
}  // namespace bench
