#include "scenarios/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/testing.h"

namespace scenarios {
namespace {

using testing::HasSubstr;

Json smallest() { return *parse_json(kSmallest, "t.json"); }

// Why a setting was refused; "accepted" when it was not.
std::string setting_refusal(const std::string& setting) {
  Json json = smallest();
  const sim::Status status = apply_setting(setting, json);
  if (status) {
    return "accepted";
  }
  EXPECT_EQ(json, smallest()) << "a refused setting changed the scenario";
  return status.error().message;
}

Json set(const std::string& setting, std::string_view text = kSmallest) {
  Json json = *parse_json(text, "t.json");
  const sim::Status status = apply_setting(setting, json);
  EXPECT_TRUE(status.ok()) << status.error().message;
  return json;
}

TEST(Set, ValueIsJsonOrABareWord) {
  EXPECT_EQ(set("seed=7")["seed"], 7);
  EXPECT_EQ(set("verify=true")["verify"], true);
  EXPECT_EQ(set("layout=-c 4 -S 1M")["layout"], "-c 4 -S 1M");
  EXPECT_EQ(set("layout=\"-c 4\"")["layout"], "-c 4");
  EXPECT_EQ(set("layout=")["layout"], "");
  EXPECT_EQ(set("layout=a=b")["layout"], "a=b");
  EXPECT_EQ(set("cluster={\"osts\": 3}")["cluster"]["osts"], 3);
}

TEST(Set, NullIsTheWord) { EXPECT_EQ(set("cluster.hardware=null")["cluster"]["hardware"], "null"); }

TEST(Set, ObjectsOnTheWayAreMade) {
  const Json json = set("cluster.overrides.oss.page_cache.size=1GiB");
  EXPECT_EQ(json["cluster"]["overrides"]["oss"]["page_cache"]["size"], "1GiB");
}

TEST(Set, DesignNamedByItsPresetStartsFromIt) {
  const Json json = set("clients[0].design.max_rpcs_in_flight=2", R"({"clients":
      [{"design": "lustre_2_12"}]})");
  EXPECT_EQ(json["clients"][0]["design"].dump(),
            R"({"preset":"lustre_2_12","max_rpcs_in_flight":2})");
}

TEST(Set, KindNamedAloneGetsParts) {
  const Json json = set("cluster.overrides.ost_device.nvme.channels=4",
                        R"({"cluster": {"overrides": {"ost_device": "nvme"}}})");
  EXPECT_EQ(json["cluster"]["overrides"]["ost_device"].dump(), R"({"nvme":{"channels":4}})");
}

TEST(Set, WrongStepIsRefusedWithTheNearest) {
  EXPECT_EQ(setting_refusal("clientz[0].count=1"),
            "a scenario has no \"clientz\"; did you mean "
            "\"clients\"?");
  EXPECT_EQ(setting_refusal("clients[0].desing=x"),
            "clients[0] has no \"desing\"; did you mean \"design\"?");
  EXPECT_THAT(setting_refusal("cluster.overrides.ost_device.nvm.channels=1"),
              HasSubstr("did you mean \"nvme\"?"));
}

TEST(Set, IndexMustExist) {
  EXPECT_EQ(setting_refusal("clients[0].count=3"), "accepted");
  EXPECT_THAT(setting_refusal("clients[1].count=3"), HasSubstr("there is no [1]"));
  EXPECT_THAT(setting_refusal("cluster[0]=3"), HasSubstr("cluster is no list"));
  EXPECT_THAT(setting_refusal("clients.count=3"), HasSubstr("clients has no parts"));
}

TEST(Set, StarIsEveryEntry) {
  constexpr std::string_view kTwo = R"({"clients": [{"design": "lustre"}, {"count": 2}]})";
  EXPECT_EQ(set("clients[*].count=3", kTwo)["clients"].dump(),
            R"([{"design":"lustre","count":3},{"count":3}])");
  EXPECT_EQ(set("clients[*].design.short_io=0B", kTwo)["clients"].dump(),
            R"([{"design":{"preset":"lustre","short_io":"0B"}},)"
            R"({"count":2,"design":{"short_io":"0B"}}])");
  EXPECT_THAT(setting_refusal("cluster[*]=3"), HasSubstr("cluster is no list, so it has no [*]"));
  EXPECT_THAT(setting_refusal("clients[*].desing=x"), HasSubstr("did you mean \"design\"?"));
  EXPECT_NE(setting_refusal("clients[*]count=1"), "accepted");
  EXPECT_NE(setting_refusal("[*]=1"), "accepted");
}

TEST(Set, ValueOfTheScenarioKeepsItsPaths) {
  Json json = smallest();
  ASSERT_TRUE(apply_value("clients[*].workload.dxt", "a.txt", json).ok());
  EXPECT_EQ(json["clients"][0]["workload"]["dxt"], "a.txt");
  EXPECT_FALSE(apply_value("clients[*].worklaod", "a.txt", json).ok());
}

TEST(Set, PartsOfATextAreRefused) {
  Json json = *parse_json(R"({"cluster": {"hardware": "nvme_2023"}})", "t.json");
  const sim::Status status = apply_setting("cluster.hardware.store=memory", json);
  EXPECT_THAT(status.error().message, HasSubstr("cluster.overrides lays values over"));
  EXPECT_THAT(setting_refusal("name.first=x"), HasSubstr("name has no parts"));
}

TEST(Set, PathThatIsNoneIsRefused) {
  for (const char* setting : {"", "=1", "seed", ".seed=1", "seed.=1", "clients[x].count=1",
                              "clients[0=1", "clients[0]count=1", "[0]=1", "clients[-1]=1",
                              "clients[99999999999999999999]=1", "cluster..osts=1"}) {
    EXPECT_NE(setting_refusal(setting), "accepted") << setting;
  }
}

// The scenario after a setting whose paths begin in /user.
Json set_in_user(const std::string& setting) {
  Json json = *parse_json(kSmallest, "t.json");
  const sim::Status status = apply_setting(setting, json, "/user");
  EXPECT_TRUE(status.ok()) << status.error().message;
  return json;
}

TEST(Set, PathsBeginInTheGivenDirectory) {
  const auto dxt_of = [](const Json& json) { return json["clients"][0]["workload"]["dxt"]; };
  EXPECT_EQ(dxt_of(set_in_user("clients[0].workload.dxt=a/../b.txt")), "/user/b.txt");
  EXPECT_EQ(dxt_of(set_in_user("clients[0].workload.dxt=/abs.txt")), "/abs.txt");
  EXPECT_EQ(dxt_of(set_in_user(R"(clients[0].workload={"dxt": "b.txt"})")), "/user/b.txt");
  EXPECT_EQ(dxt_of(set_in_user(R"(clients=[{"workload": {"dxt": "b.txt"}}])")), "/user/b.txt");
  EXPECT_EQ(dxt_of(set_in_user("clients[0].workload.dxt=")), "");
}

TEST(Set, HardwareIsAPathOnlyWhenItLooksLikeOne) {
  const auto hardware_of = [](const Json& json) { return json["cluster"]["hardware"]; };
  EXPECT_EQ(hardware_of(set_in_user("cluster.hardware=./hw")), "/user/hw");
  EXPECT_EQ(hardware_of(set_in_user("cluster.hardware=hw.json")), "/user/hw.json");
  EXPECT_EQ(hardware_of(set_in_user("cluster.hardware=nvme_2023")), "nvme_2023");
  EXPECT_EQ(set_in_user("layout=-c 1")["layout"], "-c 1");
}

TEST(Set, RefusalIsToldWithTheOtherFaults) {
  const std::string message = refusal(smallest_with({"clustr.osts=1", "seed=x"}));
  EXPECT_THAT(message, HasSubstr("--set clustr.osts=1: a scenario has no \"clustr\""));
  EXPECT_THAT(message, HasSubstr("seed: found \"x\""));
}

}  // namespace
}  // namespace scenarios
