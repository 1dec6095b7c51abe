#include "scenarios/spec_schema.h"

#include <gtest/gtest.h>

#include <string>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "reports/schemas.h"
#include "scenarios/settings.h"
#include "scenarios/testing.h"

namespace scenarios {
namespace {

std::string published(std::string_view name) {
  for (const reports::EmbeddedFile& file : reports::schemas()) {
    if (file.name == name) {
      return std::string(file.contents);
    }
  }
  return "";
}

// Whether the published schema accepts a JSON text (with comments).
bool valid(std::string_view schema_name, std::string_view text) {
  const auto rules = nlohmann::json::parse(published(schema_name));
  const auto document = nlohmann::json::parse(parse_json(text, "t.json")->dump());
  valijson::Schema schema;
  valijson::SchemaParser parser;
  parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(rules), schema);
  valijson::Validator validator;
  return validator.validate(schema, valijson::adapters::NlohmannJsonAdapter(document), nullptr);
}

bool valid(std::string_view text) { return valid("scenario.schema.json", text); }

TEST(Schema, PublishedFilesSayWhatTheFieldsSay) {
  constexpr std::string_view kHow = "run `bazel run //scenarios:write_schemas`";
  EXPECT_EQ(published("scenario.schema.json"), schema_text(scenario_schema())) << kHow;
  EXPECT_EQ(published("hardware.schema.json"), schema_text(hardware_schema())) << kHow;
}

TEST(Schema, AcceptsTheWholeLibrary) {
  for (const std::string_view name : scenario_names()) {
    EXPECT_TRUE(valid(open_scenario(name)->text)) << name;
  }
  for (const std::string_view name : hardware_names()) {
    EXPECT_TRUE(valid("hardware.schema.json", open_hardware(name)->text)) << name;
  }
}

struct Case {
  std::string setting;
  bool right;
};

class Agreement : public testing::TestWithParam<Case> {};

// Settings whose last step is unknown are put in without being checked, as an editor would.
std::string text_with(const std::string& setting) {
  Json json = *parse_json(kSmallest, "t.json");
  if (!apply_setting(setting, json)) {
    const auto equals = setting.find('=');
    const auto pointer = Json::json_pointer(setting.substr(0, equals));
    json[pointer] = *parse_json(setting.substr(equals + 1), "value");
  }
  return json.dump();
}

TEST_P(Agreement, SchemaAndReaderJudgeAlike) {
  const std::string text = text_with(GetParam().setting);
  EXPECT_EQ(valid(text), GetParam().right) << text;
  EXPECT_EQ(read(text).ok(), GetParam().right) << text << "\n" << refusal(read(text));
}

INSTANTIATE_TEST_SUITE_P(
    Structure, Agreement,
    testing::Values(
        Case{"seed=0", true}, Case{"seed=-1", false}, Case{"seed=\"1\"", false},
        Case{"verify=false", true}, Case{"verify=\"no\"", false}, Case{"world=sim", true},
        Case{"world=real", false}, Case{"name=a b", false}, Case{"name=", false},
        Case{"name=a-b_c.d", true}, Case{"clients=[]", false}, Case{"clients={}", false},
        Case{"clients=[{}]", false}, Case{"cluster={}", false}, Case{"cluster.osts=0", false},
        Case{"cluster.osts=10000", true}, Case{"cluster.osts=10001", false},
        Case{"cluster.osts=1.5", false}, Case{"cluster.mdts=1", true},
        Case{"cluster.mdts=2", false}, Case{"cluster.hardware=lab_2006", true},
        Case{"cluster.hardware=7", false}, Case{"cluster.hardware={\"oss\": 1}", false},
        Case{"cluster.hardware={}", true}, Case{"clients[0].design=lustre", true},
        Case{"clients[0].design=lustr", false}, Case{"clients[0].design=[]", false},
        Case{"clients[0].design.preset=lustre_2_12", true},
        Case{"clients[0].design.short_io=0B", true}, Case{"clients[0].design.short_io=16", false},
        Case{"clients[0].design.short_io=\"16\"", false},
        Case{"clients[0].design.short_io=16Kib", false},
        Case{"clients[0].design.short_io=1.5 KiB", true},
        Case{"clients[0].design.rpc_timeout=2 min", true},
        Case{"clients[0].design.rpc_timeout=2 minutes", false},
        Case{"cluster.overrides.client.nic_rate=100 Gbit/s", true},
        Case{"cluster.overrides.client.nic_rate=100Gbit", false},
        Case{"cluster.overrides.client.nic_rate=unlimited", true},
        Case{"cluster.overrides.client.nic_rate=3GiB/s", true},
        Case{"cluster.overrides.ost_device=nvme", true},
        Case{"cluster.overrides.ost_device=tape", false},
        Case{"cluster.overrides.ost_device={}", false},
        Case{"cluster.overrides.ost_device={\"nvme\": {}}", true},
        Case{"cluster.overrides.ost_device={\"nvme\": {}, \"null\": {}}", false},
        Case{"cluster.overrides.ost_device={\"nvme\": {\"disks\": 3}}", false},
        Case{"cluster.overrides.fabric.topology={\"two_tier\": {\"oversubscription\": \"2:1\"}}",
             true},
        Case{"cluster.overrides.fabric.topology={\"two_tier\": {\"oversubscription\": \"0:1\"}}",
             false},
        Case{"cluster.overrides.fabric.topology={\"two_tier\": {\"oversubscription\": 2}}", false},
        Case{"$schema=x", true}, Case{"/sede=1", false}, Case{"/cluster/ots=1", false},
        Case{"/clients/0/thresholds=1", false}, Case{"/vary=1", false}, Case{"vary={}", true},
        Case{"vary=[]", false}, Case{"vary={\"layout\": []}", false},
        Case{"vary={\"layout\": \"-c 1\"}", false}, Case{"vary={\"layout\": [\"-c 1\", 2]}", true},
        Case{"thresholds={}", true}, Case{"thresholds=[]", false},
        Case{"thresholds={\"a\": 1}", false}, Case{"thresholds={\"a\": \"> 1\"}", true}));

}  // namespace
}  // namespace scenarios
