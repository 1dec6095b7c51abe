#include "reports/sweep_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "reports/json_testing.h"
#include "reports/sweep_json_testing.h"
#include "reports/sweep_sample.h"

namespace reports {
namespace {

using nlohmann::json;

std::string written(const SweepResult& sweep) {
  std::ostringstream out;
  EXPECT_TRUE(write_sweep_json(sweep, out).ok());
  return out.str();
}

std::string lines(const SweepResult& sweep) {
  std::ostringstream out;
  EXPECT_TRUE(write_sweep_lines(sweep, out).ok());
  return out.str();
}

TEST(SweepJson, IsValidAgainstThePublishedSchema) {
  EXPECT_EQ(sweep_schema_faults(json::parse(written(sample_sweep()))), "");
}

TEST(SweepJson, SchemaRefusesWhatIsMissingUnknownOrWrongInside) {
  const json good = json::parse(written(sample_sweep()));
  json bad = good;
  bad["variants"][0].erase("labels");
  EXPECT_NE(sweep_schema_faults(bad), "");
  bad = good;
  bad["variants"][0]["result"].erase("phases");
  EXPECT_NE(sweep_schema_faults(bad), "");
  bad = good;
  bad["thresholds"][0]["holds"] = "yes";
  EXPECT_NE(sweep_schema_faults(bad), "");
  bad = good;
  bad["speed"] = 1;
  EXPECT_NE(sweep_schema_faults(bad), "");
}

TEST(SweepJson, VariantHasItsLabelsAndItsOrdinaryResult) {
  const SweepResult sweep = sample_sweep();
  const json document = json::parse(written(sweep));
  const json& variant = document["variants"][1];
  EXPECT_EQ(variant["variant"], "lustre, -c 8");
  EXPECT_EQ(variant["labels"]["layout"], "-c 8");
  EXPECT_EQ(variant["result"], json::parse(result_document(sweep.variants[1].result).dump()));
  EXPECT_EQ(document["context"]["axes"], json({"clients[0].design", "layout"}));
}

TEST(SweepJson, ThresholdTellsItsValueAndEveryVerdict) {
  const json document = json::parse(written(sample_sweep()));
  const json& failed = document["thresholds"][1];
  EXPECT_EQ(failed["holds"], false);
  EXPECT_EQ(failed["value"], 11.1 * sim::kGiB);
  EXPECT_EQ(failed["unit"], "bytes/s");
  EXPECT_EQ(failed["variant"], "lustre, -c 1");
  EXPECT_EQ(failed["verdicts"].size(), 2u);
  EXPECT_EQ(failed["verdicts"][1]["holds"], true);
  EXPECT_EQ(document["thresholds"][2]["value"], nullptr);
}

TEST(SweepJson, SingleRunIsAnOrdinaryResultWithItsThresholds) {
  SweepResult single = sample_single();
  json document = json::parse(written(single));
  EXPECT_EQ(schema_faults(document), "");
  EXPECT_EQ(document["thresholds"][0]["holds"], true);
  single.thresholds.clear();
  std::ostringstream plain;
  ASSERT_TRUE(write_json(single.variants[0].result, plain).ok());
  EXPECT_EQ(written(single), plain.str());
}

TEST(SweepJson, LinesAreOneForEachVariant) {
  std::istringstream in(lines(sample_sweep()));
  std::vector<json> all;
  for (std::string line; std::getline(in, line);) {
    all.push_back(json::parse(line));
  }
  const json document = json::parse(written(sample_sweep()));
  EXPECT_EQ(json(all), document["variants"]);
  EXPECT_EQ(json::parse(lines(sample_single()))["labels"], json::object());
}

TEST(SweepJson, ClosedStreamIsAnIoError) {
  std::ostringstream out;
  out.setstate(std::ios::badbit);
  EXPECT_EQ(write_sweep_json(sample_sweep(), out).code(), sim::Errc::io_error);
  EXPECT_EQ(write_sweep_lines(sample_sweep(), out).code(), sim::Errc::io_error);
}

}  // namespace
}  // namespace reports
