#include "scenarios/spec_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "scenarios/testing.h"

namespace scenarios {
namespace {

using testing::HasSubstr;
using testing::Not;

// The smallest scenario with `members` added to the group of clients.
sim::Result<Scenario> group_with(const std::string& members) {
  return read(R"({"name": "s", "cluster": {"osts": 2}, "clients": [{"workload": {"ior": "-w"}, )" +
              members + "}]}");
}

sim::Result<Scenario> cluster_with(const std::string& members) {
  return read(R"({"name": "s", "cluster": {"osts": 8, )" + members +
              R"(}, "clients": [{"workload": {"ior": "-w"}}]})");
}

TEST(Read, OverriddenHardwareIsNotCalledWhatItIsNot) {
  const auto name_with = [](std::string set) {
    return smallest_with({"cluster.hardware=null", std::move(set)})->cluster.hardware.name;
  };
  EXPECT_EQ(name_with("seed=1"), "null");
  EXPECT_EQ(name_with("cluster.overrides={}"), "null");
  EXPECT_EQ(name_with("cluster.overrides.store=memory"), "null-overridden");
  EXPECT_EQ(name_with("cluster.overrides.name=mine"), "mine");
}

TEST(Read, SmallestScenarioHasTheDefaults) {
  const auto s = read(kSmallest);
  ASSERT_TRUE(s.ok()) << s.error().message;
  EXPECT_EQ(s->seed, 1u);
  EXPECT_EQ(s->world, World::sim);
  EXPECT_EQ(s->cluster.osts, 2u);
  EXPECT_EQ(s->cluster.hardware, HardwareSpec());
  EXPECT_EQ(s->clients[0].design, DesignSpec());
  EXPECT_EQ(s->clients[0].ranks(), 1u);
}

TEST(Read, ObjectServersLeftOutAreOnePerOst) {
  EXPECT_EQ(read(kSmallest)->cluster.oss, 2u);
  EXPECT_EQ(cluster_with(R"("oss": 1)")->cluster.oss, 1u);
}

TEST(Read, MissingKeysAreNamedWithTheirPlace) {
  const std::string message = refusal(read(R"({"name": "s", "clients": [{}], "cluster": {}})"));
  EXPECT_THAT(message, HasSubstr("t.json: clients[0].workload: missing"));
  EXPECT_THAT(message, HasSubstr("t.json: cluster.osts: missing"));
  EXPECT_THAT(refusal(read("{}")), HasSubstr("t.json: name: missing"));
}

TEST(Read, UnknownKeyIsRefusedWithTheNearest) {
  EXPECT_THAT(refusal(cluster_with(R"("ots": 3)")),
              HasSubstr("t.json: cluster.ots: unknown key; did you mean \"osts\"?"));
  EXPECT_THAT(refusal(group_with(R"("thresholdssss": 3)")), HasSubstr("known are: name, count"));
}

TEST(Read, EveryFaultIsToldAtOnce) {
  const std::string message = refusal(read(
      R"({"name": "s p", "seed": -1, "cluster": {"osts": 0, "hardware": "nvme_2032"},
          "clients": [{"count": "four", "design": {"max_rpc_size": "4"},
                       "workload": {"iro": 1}}]})"));
  EXPECT_THAT(message, HasSubstr("t.json: name: found \"s p\"; 1 to 64 letters"));
  EXPECT_THAT(message, HasSubstr("t.json: seed: found -1; a whole number from 0"));
  EXPECT_THAT(message, HasSubstr("cluster.osts: found 0; a whole number from 1 to 10000"));
  EXPECT_THAT(message, HasSubstr("cluster.hardware: no hardware is called \"nvme_2032\""));
  EXPECT_THAT(message, HasSubstr("clients[0].count: found \"four\""));
  EXPECT_THAT(message, HasSubstr("clients[0].design.max_rpc_size: \"4\" has no unit"));
  EXPECT_THAT(message, HasSubstr("clients[0].workload.iro: unknown key"));
  EXPECT_THAT(message, Not(HasSubstr("exactly one")));
}

TEST(Read, RulesAreJudgedBesideFaultsTheyDoNotDependOn) {
  const std::string message = refusal(cluster_with(R"("oss": 9, "sede": 1, "mdts": 2)"));
  EXPECT_THAT(message, HasSubstr("cluster.oss: 9 object servers for 8 OSTs"));
  EXPECT_THAT(message, HasSubstr("cluster.sede: unknown key"));
  EXPECT_THAT(message, HasSubstr("cluster.mdts: found 2; only 1 would be right"));
}

TEST(Read, KeyThatIsNoNameIsShownEscaped) {
  EXPECT_THAT(refusal(cluster_with(R"("a\nb": 1)")), HasSubstr(R"(cluster."a\nb": unknown key)"));
}

TEST(Read, CountIsCheckedAtItsBounds) {
  EXPECT_TRUE(group_with(R"("count": 1)").ok());
  EXPECT_TRUE(group_with(R"("count": 100000)").ok());
  EXPECT_FALSE(group_with(R"("count": 0)").ok());
  EXPECT_FALSE(group_with(R"("count": 100001)").ok());
  EXPECT_FALSE(group_with(R"("count": 1.5)").ok());
  EXPECT_FALSE(group_with(R"("count": -1)").ok());
  EXPECT_FALSE(group_with(R"("count": 18446744073709551616)").ok());
}

TEST(Read, SizeIsCheckedAtItsBounds) {
  const auto rpc = [](const std::string& size) {
    return group_with(R"("design": {"max_rpc_size": ")" + size + "\"}").ok();
  };
  EXPECT_TRUE(rpc("4KiB"));
  EXPECT_TRUE(rpc("64MiB"));
  EXPECT_FALSE(rpc("4095B"));
  EXPECT_FALSE(rpc("67108865B"));
}

TEST(Read, LargestSeedIsRead) {
  EXPECT_EQ(smallest_with({"seed=18446744073709551615"})->seed, 18446744073709551615u);
}

TEST(Read, RateBelowTheSmallestIsRefused) {
  const auto nic = [](const std::string& rate) {
    return cluster_with(R"("overrides": {"client": {"nic_rate": ")" + rate + "\"}}").ok();
  };
  EXPECT_TRUE(nic("1kB/s"));
  EXPECT_TRUE(nic("unlimited"));
  EXPECT_FALSE(nic("999B/s"));
  EXPECT_FALSE(nic("10"));
}

TEST(Read, RatioNeedsTwoPositiveNumbers) {
  const auto ratio = [](const std::string& text) {
    return cluster_with(R"("overrides": {"fabric": {"topology": {"two_tier":
                        {"oversubscription": ")" +
                        text + "\"}}}}");
  };
  const auto good = ratio("3:2");
  ASSERT_TRUE(good.ok()) << refusal(good);
  EXPECT_EQ(std::get<TwoTierSpec>(good->cluster.hardware.fabric.topology).oversubscription,
            (Ratio{3, 2}));
  for (const char* bad : {"", "2", "2:", ":1", "0:1", "2:0", "2:1 ", "4294967296:1", "-1:1"}) {
    EXPECT_FALSE(ratio(bad).ok()) << bad;
  }
}

TEST(Read, DesignIsAPresetsNameOrChoicesLaidOverOne) {
  EXPECT_EQ(group_with(R"("design": "lustre_2_12")")->clients[0].design,
            *design_preset("lustre_2_12"));
  const auto s = group_with(R"("design": {"max_rpcs_in_flight": 16, "preset": "lustre_2_12"})");
  ASSERT_TRUE(s.ok()) << refusal(s);
  EXPECT_EQ(s->clients[0].design.max_rpcs_in_flight, 16u);
  EXPECT_EQ(s->clients[0].design.read_ahead.max_per_file, 64 * sim::kMiB);
}

TEST(Read, UnknownDesignIsRefusedWithTheNearest) {
  EXPECT_THAT(refusal(group_with(R"("design": "lustr")")),
              HasSubstr("clients[0].design: no design is called \"lustr\"; did you mean"));
}

TEST(Read, OverridesChangeOnlyWhatTheyName) {
  const auto plain = cluster_with(R"("hardware": "hdd_2012")");
  const auto changed = cluster_with(
      R"("hardware": "hdd_2012", "overrides": {"ost_device": {"hdd_array": {"data_disks": 4}}})");
  ASSERT_TRUE(plain.ok() && changed.ok()) << refusal(changed);
  HardwareSpec expected = plain->cluster.hardware;
  expected.name = "hdd_2012-overridden";
  std::get<HddArraySpec>(expected.ost_device).data_disks = 4;
  EXPECT_EQ(changed->cluster.hardware, expected);
}

TEST(Read, OverridesStandOverTheHardwareWhereverTheyAreWritten) {
  const auto s = cluster_with(R"("overrides": {"store": "memory"}, "hardware": "hdd_2012")");
  ASSERT_TRUE(s.ok()) << refusal(s);
  EXPECT_EQ(s->cluster.hardware.store, StoreKind::memory);
}

TEST(Read, KindIsANameOrAnObjectWithTheNameAsItsKey) {
  const auto by_name = cluster_with(R"("overrides": {"ost_device": "nvme"})");
  ASSERT_TRUE(by_name.ok()) << refusal(by_name);
  EXPECT_EQ(by_name->cluster.hardware.ost_device, DeviceSpec(NvmeSpec()));
  const auto nested = cluster_with(R"("overrides": {"ost_device": {"nvme": {"channels": 7}}})");
  ASSERT_TRUE(nested.ok()) << refusal(nested);
  EXPECT_EQ(std::get<NvmeSpec>(nested->cluster.hardware.ost_device).channels, 7u);
}

TEST(Read, KindThatIsUnknownOrDoubleIsRefused) {
  EXPECT_THAT(refusal(cluster_with(R"("overrides": {"ost_device": "nvm"})")),
              HasSubstr("cluster.overrides.ost_device: found \"nvm\"; did you mean"));
  EXPECT_FALSE(cluster_with(R"("overrides": {"ost_device": {"nvme": {}, "null": {}}})").ok());
  EXPECT_FALSE(cluster_with(R"("overrides": {"ost_device": {}})").ok());
}

TEST(Read, FaultInAHardwareFileNamesThatFile) {
  const auto open = [](std::string_view, std::string_view) -> sim::Result<SourceText> {
    return SourceText{"mine.json", "", R"({"oss": {"io_threads": 0}})"};
  };
  const auto s =
      read_scenario({"t.json", "", R"({"name": "s", "clients": [{"workload": {"ior": ""}}],
      "cluster": {"osts": 1, "hardware": "mine.json"}})"},
                    {.open = open});
  EXPECT_THAT(refusal(s), HasSubstr("mine.json: oss.io_threads: found 0"));
}

TEST(Read, GroupsWithoutANameAreNamedAfterTheirDesign) {
  const auto s = read(R"({"name": "s", "cluster": {"osts": 2}, "clients": [
      {"workload": {"ior": "-w"}}, {"workload": {"ior": "-r"}},
      {"workload": {"ior": "-r"}, "name": "lustre"}]})");
  ASSERT_TRUE(s.ok()) << refusal(s);
  EXPECT_EQ(s->clients[0].name, "lustre-2");
  EXPECT_EQ(s->clients[1].name, "lustre-3");
  EXPECT_EQ(s->clients[2].name, "lustre");
}

TEST(Read, SchemaLinkIsAllowedAndTopLevelListIsNot) {
  EXPECT_TRUE(smallest_with({"$schema=x"}).ok());
  EXPECT_THAT(refusal(read("[]")), HasSubstr("t.json: found []; an object {...} would be right"));
}

TEST(Read, DirectoryOfTheFileIsKeptForItsPaths) {
  const auto s = read_scenario({"a/t.json", "a", std::string(kSmallest)});
  EXPECT_EQ(s->directory, "a");
}

TEST(Read, FurtherChecksAddToTheFaults) {
  const CheckScenario check = [](const Scenario& s, const std::string& file, Faults& faults) {
    EXPECT_EQ(s.clients.size(), 1u);
    faults.add(file, "layout", "refused");
  };
  const std::string text = R"({"name": "s", "cluster": {"osts": 0},
      "clients": [{"workload": {"ior": "-w"}}]})";
  const std::string message = refusal(read_scenario({"t.json", "", text}, {.check = check}));
  EXPECT_THAT(message, HasSubstr("t.json: cluster.osts: found 0"));
  EXPECT_THAT(message, HasSubstr("t.json: layout: refused"));
}

TEST(Read, HostileTextsAreRefusedNotCrashedOn) {
  for (const char* text : {"", "null", "1", "\"x\"", "{\"clients\": [[]]}", "{\"clients\": {}}",
                           "{\"cluster\": [1]}", "{\"cluster\": {\"overrides\": 1}}"}) {
    EXPECT_FALSE(read(text).ok()) << text;
  }
}

}  // namespace
}  // namespace scenarios
