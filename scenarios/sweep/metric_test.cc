#include "scenarios/sweep/metric.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/json.h"
#include "reports/sample.h"
#include "scenarios/sweep/known_names.h"
#include "scenarios/testing.h"

namespace scenarios {
namespace {

using reports::Unit;
using testing::HasSubstr;

// As the sample's run would know them.
KnownNames sample_names() {
  KnownNames known = names_known(*read(kSmallest));
  known["phases"] = {"write.1", "read"};
  known["groups"] = {"windows", "linux", "linux.old"};
  return known;
}

Unit unit_of(std::string_view name) {
  const auto unit = metric_unit(name, sample_names());
  EXPECT_TRUE(unit.ok()) << (unit.ok() ? "" : unit.error().message);
  return unit.ok() ? *unit : Unit::none;
}

std::string refusal_of(std::string_view name) {
  const auto unit = metric_unit(name, sample_names());
  return unit.ok() ? "accepted" : unit.error().message;
}

std::optional<double> value(std::string_view name) {
  return metric_value(reports::result_document(reports::sample_result()), name);
}

TEST(Metric, UnitIsTheSchemas) {
  EXPECT_EQ(unit_of("read.bandwidth"), Unit::rate);
  EXPECT_EQ(unit_of("read.bytes"), Unit::bytes);
  EXPECT_EQ(unit_of("read.over_fetched_bytes"), Unit::bytes);
  EXPECT_EQ(unit_of("read.time"), Unit::time);
  EXPECT_EQ(unit_of("read.latency.write.p99_9"), Unit::time);
  EXPECT_EQ(unit_of("read.latency.write.count"), Unit::none);
  EXPECT_EQ(unit_of("read.rpcs.OST_READ"), Unit::none);
  EXPECT_EQ(unit_of("read.limited_by.share"), Unit::none);
  EXPECT_EQ(unit_of("read.per_ost.bytes.min"), Unit::bytes);
  EXPECT_EQ(unit_of("read.per_ost.bandwidth.max"), Unit::rate);
  EXPECT_EQ(unit_of("read.per_ost.utilisation.max"), Unit::none);
  EXPECT_EQ(unit_of("read.groups.linux.bandwidth"), Unit::rate);
  EXPECT_EQ(unit_of("context.events"), Unit::none);
  EXPECT_EQ(unit_of("host.wall_time"), Unit::time);
}

TEST(Metric, StepsMayHoldDots) {
  EXPECT_EQ(unit_of("write.1.bandwidth"), Unit::rate);
  EXPECT_EQ(unit_of("read.stages.background.gateway.device.time"), Unit::time);
  EXPECT_EQ(unit_of("read.resources.oss0.nic.out.busy"), Unit::none);
  EXPECT_EQ(unit_of("read.groups.linux.old.bytes"), Unit::bytes);
}

TEST(Metric, UnknownNameIsRefusedWithTheNearestPart) {
  EXPECT_EQ(refusal_of("read.bandwith"),
            "\"read.bandwith\" is no metric: \"read\" has no \"bandwith\"; did you mean "
            "\"bandwidth\"?");
  EXPECT_THAT(refusal_of("raed.bandwidth"), HasSubstr("a result has no \"raed\"; did you mean "
                                                      "\"read\"?"));
  EXPECT_THAT(refusal_of("contxt.events"), HasSubstr("did you mean \"context\"?"));
  EXPECT_THAT(refusal_of("read.rpcs.OST_RAED"), HasSubstr("did you mean \"OST_READ\"?"));
  EXPECT_THAT(refusal_of("read.latency.raed.p99"), HasSubstr("did you mean \"read\"?"));
  EXPECT_THAT(refusal_of("read.groups.linus.bytes"), HasSubstr("did you mean \"linux\"?"));
  EXPECT_THAT(refusal_of("read.stages.foreground.devices.time"),
              HasSubstr("did you mean \"device\"?"));
  EXPECT_THAT(refusal_of("bandwidth"),
              HasSubstr("a result has no \"bandwidth\"; known are: write"));
}

TEST(Metric, NameThatIsNoNumberIsRefused) {
  EXPECT_THAT(refusal_of("read"), HasSubstr("\"read\" is no number but has the parts name, bytes"));
  EXPECT_THAT(refusal_of("read.name"), HasSubstr("\"read.name\" is no number"));
  EXPECT_THAT(refusal_of("read.bytes.min"), HasSubstr("is a number and has no parts"));
  for (const char* name : {"", ".", "read.", "read..bytes", ".read.bytes", "errors", "phases",
                           "schema_version", "read.latency", "read.rpcs.OST_READ.count",
                           "read.resources.busy", "read.resources..busy"}) {
    EXPECT_NE(refusal_of(name), "accepted") << name;
  }
}

TEST(Metric, ValueIsTheDocumentsOwn) {
  EXPECT_EQ(value("read.bytes"), static_cast<double>(sim::kGiB));
  EXPECT_EQ(value("read.latency.read.p50"), 2e6);
  EXPECT_EQ(value("read.stages.background.gateway.device.time"), 1e7);
  EXPECT_EQ(value("read.resources.oss0.nic.out.busy"), 0.95);
  EXPECT_EQ(value("read.groups.linux.time"), 2e7);
  EXPECT_EQ(value("read.per_ost.rpcs.max"), 200);
  EXPECT_EQ(value("context.events"), 81234);
}

TEST(Metric, RpcsAndStagesThatAreNotListedWereNone) {
  EXPECT_EQ(value("read.rpcs.OST_WRITE"), 0);
  EXPECT_EQ(value("read.stages.foreground.lock.time"), 0);
}

TEST(Metric, WhatWasNotMeasuredHasNoValue) {
  EXPECT_EQ(value("write.1.bandwidth"), std::nullopt);
  EXPECT_EQ(value("write.1.rpcs.OST_WRITE"), std::nullopt);
  EXPECT_EQ(value("read.latency.open.p99"), std::nullopt);
  EXPECT_EQ(value("read.resources.ost9.busy"), std::nullopt);
  EXPECT_EQ(value("read.name"), std::nullopt);
}

TEST(Metric, NamesAreThoseOfThePlanAndTheGroups) {
  const KnownNames known = names_known(*read(R"({"name": "s", "cluster": {"osts": 2}, "clients": [
      {"name": "a", "workload": {"ior": "-w -r -i 2"}},
      {"name": "b", "workload": {"ior": "-w"}}]})"));
  EXPECT_THAT(known.at("phases"),
              testing::IsSupersetOf({"write.1", "write.2", "read.1", "read.2", "write"}));
  EXPECT_THAT(known.at("groups"), testing::ElementsAre("a", "b"));
}

}  // namespace
}  // namespace scenarios
