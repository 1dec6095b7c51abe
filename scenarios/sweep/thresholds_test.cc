#include "scenarios/sweep/thresholds.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/sample.h"
#include "scenarios/testing.h"

namespace scenarios {
namespace {

using reports::Unit;
using reports::Verdict;
using testing::ElementsAre;
using testing::HasSubstr;

// Four variants of the smallest scenario: layout "one" or "two", seed 1 or 2.
Sweep sweep_of(const std::string& thresholds) {
  const std::vector<std::string> sets = {
      R"(vary={"layout": [{"label": "one", "set": {"layout": "-c 1"}},
                          {"label": "two", "set": {"layout": "-c 2"}}], "seed": [1, 2]})",
      "thresholds=" + thresholds, "clients[0].workload.ior=-w -r"};
  const auto sweep =
      read_sweep({"t.json", "", std::string(kSmallest)}, {.sets = sets, .open = library_hardware});
  EXPECT_TRUE(sweep.ok()) << (sweep.ok() ? "" : sweep.error().message);
  return *sweep;
}

// Their results: reads of 10, 20, 40 and 80 bytes, a second each.
std::vector<reports::VariantResult> results(const Sweep& sweep) {
  std::vector<reports::VariantResult> all;
  sim::Bytes bytes = 10;
  for (const Variant& variant : sweep.variants) {
    reports::Result result = reports::sample_result();
    result.phases[0].bytes = bytes;
    result.phases[0].end = result.phases[0].start + sim::seconds(1);
    all.push_back({variant.labels, result});
    bytes *= 2;
  }
  return all;
}

reports::ThresholdResult judged(const std::string& expression, const std::string& bound) {
  const Sweep sweep = sweep_of(fmt::format("{{\"{}\": \"{}\"}}", expression, bound));
  Faults faults;
  const auto thresholds = understand_thresholds(sweep, faults);
  EXPECT_TRUE(faults.none()) << (faults.none() ? "" : faults.error().message);
  return faults.none() ? judge(thresholds, results(sweep)).at(0) : reports::ThresholdResult();
}

std::string refusal_of(const std::string& expression, const std::string& bound) {
  Faults faults;
  understand_thresholds(sweep_of(fmt::format("{{\"{}\": \"{}\"}}", expression, bound)), faults);
  return faults.none() ? "accepted" : faults.error().message;
}

std::vector<double> values(const reports::ThresholdResult& result) {
  std::vector<double> all;
  for (const Verdict& verdict : result.verdicts) {
    all.push_back(verdict.value.value_or(-1));
  }
  return all;
}

TEST(Thresholds, WithoutSelectorItMustHoldInEveryVariant) {
  const auto result = judged("read.bytes", ">= 20B");
  EXPECT_THAT(values(result), ElementsAre(10, 20, 40, 80));
  EXPECT_EQ(result.unit, Unit::bytes);
  EXPECT_FALSE(result.holds());
  EXPECT_EQ(result.telling().variant, "one, 1");
  EXPECT_TRUE(judged("read.bytes", ">= 10B").holds());
}

TEST(Thresholds, SelectorTakesTheVariantsWithItsLabels) {
  EXPECT_THAT(values(judged("read.bytes[two]", ">= 40B")), ElementsAre(40, 80));
  EXPECT_THAT(values(judged("read.bytes[2, one]", ">= 20B")), ElementsAre(20));
}

TEST(Thresholds, RatioPairsVariantsThatAgreeOnTheOtherAxes) {
  const auto result = judged("read.bytes[two] / read.bytes[one]", "== 4");
  EXPECT_THAT(values(result), ElementsAre(4, 4));
  EXPECT_EQ(result.unit, Unit::none);
  EXPECT_EQ(result.verdicts[1].variant, "two, 2 / one, 2");
}

TEST(Thresholds, MetricWithoutSelectorIsComparedInEveryVariant) {
  EXPECT_THAT(values(judged("read.bytes / read.bytes[one, 1]", ">= 1")), ElementsAre(1, 2, 4, 8));
  EXPECT_THAT(values(judged("read.bytes[two] / read.bytes", "== 1")), ElementsAre(1, 1));
}

TEST(Thresholds, DifferenceKeepsItsUnitAndItsSign) {
  const auto result = judged("read.bandwidth[one] - read.bandwidth[two]", ">= -60B/s");
  EXPECT_THAT(values(result), ElementsAre(-30, -60));
  EXPECT_EQ(result.unit, Unit::rate);
  EXPECT_TRUE(result.holds());
}

TEST(Thresholds, WhatHoldsTellsTheNearest) {
  EXPECT_EQ(judged("read.bytes", "<= 100B").telling().value, 80);
  EXPECT_EQ(judged("read.bytes", ">= 1B").telling().value, 10);
  EXPECT_EQ(judged("read.bytes", "in [0B, 1KiB]").telling().value, 10);
}

TEST(Thresholds, WhatWasNotMeasuredDoesNotHold) {
  const auto result = judged("read.latency.open.p99", ">= 0");
  EXPECT_FALSE(result.holds());
  EXPECT_EQ(result.verdicts[0].value, std::nullopt);
  EXPECT_FALSE(judged("read.bytes / read.rpcs.OST_WRITE", ">= 0").holds());
  EXPECT_FALSE(judged("write.bandwidth / read.bandwidth", ">= 0").holds());
}

TEST(Thresholds, UnitsThatDoNotFitAreRefused) {
  EXPECT_THAT(refusal_of("read.bytes / read.time", ">= 1"),
              HasSubstr("bytes and ns do not go together"));
  EXPECT_THAT(refusal_of("read.bytes - read.ops", ">= 1"),
              HasSubstr("bytes and a number do not go together"));
  EXPECT_EQ(judged("read.bytes / read.ops", ">= 0").unit, Unit::bytes);
  EXPECT_THAT(refusal_of("read.bytes", ">= 1"), HasSubstr("has no unit"));
}

TEST(Thresholds, FaultsNameFileAndThresholdAndVariant) {
  EXPECT_THAT(refusal_of("read.bandwith", ">= 1GiB/s"),
              HasSubstr("t.json: thresholds.read.bandwith: \"read.bandwith\" is no metric"));
  EXPECT_THAT(refusal_of("raed.ops[two]", "> 0"), HasSubstr("(in variant two, 1)"));
  EXPECT_THAT(refusal_of("read.ops[tow]", "> 0"), HasSubstr("did you mean \"two\"?"));
  EXPECT_THAT(refusal_of("read.ops", "= 1"), HasSubstr("compares with nothing"));
}

}  // namespace
}  // namespace scenarios
