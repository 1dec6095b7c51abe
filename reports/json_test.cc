#include "reports/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sstream>

#include "reports/collect.h"
#include "reports/json_testing.h"
#include "reports/sweep_json.h"
#include "reports/sweep_sample.h"

namespace reports {
namespace {

using nlohmann::json;

std::string written(const Result& result) {
  std::ostringstream out;
  EXPECT_TRUE(write_json(result, out).ok());
  return out.str();
}

TEST(Json, FullResultIsValidAgainstThePublishedSchema) {
  EXPECT_EQ(schema_faults(json::parse(written(sample_result()))), "");
}

TEST(Json, EmptyPhaseIsValidAgainstThePublishedSchema) {
  Result r = sample_result();
  r.phases = {PhaseResult{}};
  r.errors.clear();
  r.notes.clear();
  EXPECT_EQ(schema_faults(json::parse(written(r))), "");
}

TEST(Json, SchemaRefusesAnUnknownStageAMissingKeyAndAnUnknownKey) {
  const json good = json::parse(written(sample_result()));
  json bad = good;
  bad["phases"][0]["stages"]["foreground"]["disk"] = {{"time", 1}, {"share", 0.5}};
  EXPECT_NE(schema_faults(bad), "");
  bad = good;
  bad["phases"][0].erase("bandwidth");
  EXPECT_NE(schema_faults(bad), "");
  bad = good;
  bad["phases"][0]["speed"] = 1;
  EXPECT_NE(schema_faults(bad), "");
}

TEST(Json, SchemaAcceptsEveryStageOfTheTimeline) {
  Result r = sample_result();
  sim::StageTimes times;
  times.fill(sim::nanoseconds(1));
  r.phases[0].foreground = stage_times(times);
  r.phases[0].background = stage_times(times, "gateway.");
  const json document = json::parse(written(r));
  EXPECT_EQ(schema_faults(document), "");
  EXPECT_EQ(document["phases"][0]["stages"]["background"].size(), sim::kStages);
}

TEST(Json, OnlyTheHostBlockDependsOnTheHost) {
  Result here = sample_result();
  Result there = sample_result();
  there.host = {"elsewhere", 64, "2027-01-01T00:00:00Z", sim::seconds(9)};
  EXPECT_NE(written(here), written(there));
  json a = json::parse(written(here));
  json b = json::parse(written(there));
  EXPECT_TRUE(a.erase("host") == 1 && b.erase("host") == 1);
  EXPECT_EQ(a.dump(), b.dump());
}

TEST(Json, BandwidthIsTotalBytesOverTotalTime) {
  const json document = json::parse(written(sample_result()));
  const json& phase = document["phases"][0];
  EXPECT_EQ(phase["time"], 90000000);
  EXPECT_DOUBLE_EQ(phase["bandwidth"].get<double>(), static_cast<double>(sim::kGiB) / 0.09);
}

TEST(Json, StageSharesSumToOne) {
  const json document = json::parse(written(sample_result()));
  const json& stages = document["phases"][0]["stages"]["foreground"];
  EXPECT_EQ(stages["device"]["share"], 0.75);
  EXPECT_EQ(stages["fabric"]["share"], 0.25);
}

TEST(Json, NumberThatIsNotFiniteBecomesZeroAndANote) {
  Result r = sample_result();
  r.phases[0].resources[0].busy = std::numeric_limits<double>::quiet_NaN();
  r.phases[0].per_ost->bandwidth.max = std::numeric_limits<double>::infinity();
  const json document = json::parse(written(r));
  EXPECT_EQ(schema_faults(document), "");
  EXPECT_EQ(document["phases"][0]["resources"][0]["busy"], 0);
  EXPECT_THAT(document["notes"].back().get<std::string>(), testing::HasSubstr("2 numbers"));
}

TEST(Json, PhaseWithoutTimeHasBandwidthZero) {
  Result r = sample_result();
  r.phases[0].end = r.phases[0].start;
  EXPECT_EQ(json::parse(written(r))["phases"][0]["bandwidth"], 0);
}

TEST(Json, NameThatIsNotUtf8StaysValidJson) {
  Result r = sample_result();
  r.context.scenario = "bad \xff name";
  EXPECT_EQ(schema_faults(json::parse(written(r))), "");
}

TEST(Json, LargestSeedSurvives) {
  Result r = sample_result();
  r.context.seed = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(json::parse(written(r))["context"]["seed"], r.context.seed);
}

TEST(Json, ClosedStreamIsAnIoError) {
  std::ostringstream out;
  out.setstate(std::ios::badbit);
  EXPECT_EQ(write_json(sample_result(), out).code(), sim::Errc::io_error);
}

// "phases[].latency.<op>.p99" for every leaf of the document.
void collect_names(const json& value, const std::string& name, std::set<std::string>& names) {
  static const std::regex kKeyed(
      R"((.*\.latency|.*ground|.*\.rpcs|.*\.groups|.*\.labels|.*\.guarantees)$)");
  if (value.is_array()) {
    for (const json& item : value) {
      collect_names(item, name + "[]", names);
    }
    return;
  }
  if (!value.is_object()) {
    names.insert(name);
    return;
  }
  const bool keyed = std::regex_match(name, kKeyed) && name.find("per_ost") == std::string::npos;
  for (const auto& [key, item] : value.items()) {
    const std::string own = name.ends_with("latency")  ? "<op>"
                            : name.ends_with("ground") ? "<stage>"
                            : name.ends_with("rpcs")   ? "<opcode>"
                            : name.ends_with("labels") ? "<axis>"
                            : name.ends_with("groups") ? "<group>"
                                                       : "<guarantee>";
    collect_names(item, (name.empty() ? "" : name + ".") + (keyed ? own : key), names);
  }
}

TEST(Metrics, TableNamesEveryKeyOfTheJsonAndNothingElse) {
  std::set<std::string> written_names;
  collect_names(json::parse(written(sample_result())), "", written_names);
  for (const SweepResult& sweep : {sample_sweep(), sample_single()}) {
    std::ostringstream out;
    ASSERT_TRUE(write_sweep_json(sweep, out).ok());
    json document = json::parse(out.str());
    if (sweep.varied()) {
      for (json& variant : document["variants"]) {
        variant["result"] = "an object of the names above";
      }
    }
    collect_names(document, "", written_names);
  }
  std::set<std::string> table;
  std::ifstream in("docs/metrics.md");
  ASSERT_TRUE(in.is_open());
  static const std::regex kRow(R"(^\| `([^`]+)` \|[^|]*\|[^|]*\|$)");
  for (std::string line; std::getline(in, line);) {
    std::smatch match;
    if (std::regex_match(line, match, kRow)) {
      table.insert(match[1]);
    }
  }
  EXPECT_THAT(table, testing::ContainerEq(written_names));
}

}  // namespace
}  // namespace reports
