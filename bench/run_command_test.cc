#include "bench/run_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bench/command_line_testing.h"

namespace bench {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

// Small and quick, on machines with times.
constexpr const char* kScenario = R"({
  "name": "small",
  "cluster": {"osts": 2, "hardware": "nvme_2023"},
  "clients": [{"workload": {"ior": "-w -e -t 1m -b 2m"}}]
})";

Ran run(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "run");
  return run_stripelab(arguments);
}

// A folder with small.json in it.
std::filesystem::path folder_with_scenario(const std::string& name) {
  const auto folder = fresh_folder(name);
  write_text(folder / "small.json", kScenario);
  return folder;
}

TEST(RunCommand, ResultNamesScenarioAndHardware) {
  const UserIn user(folder_with_scenario("names"));
  const Ran ran = run({"small.json", "--out", "text=-", "--out", "json=-"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, StartsWith("small: sim world, hardware nvme_2023, seed 1, "));
  EXPECT_THAT(ran.out, HasSubstr("\"hardware\": \"nvme_2023\""));
}

TEST(RunCommand, EveryFaultIsToldAtOnceWithItsFile) {
  const Ran ran = run({"ior_easy", "--set", "layout=-c x", "--set", "clients[0].workload.ior=-Q 0x",
                       "--set", "clients[0].layout=-z", "--set", "cluster.oss=9"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("ior_easy.json: layout: "),
                             HasSubstr("ior_easy.json: clients[0].layout: "),
                             HasSubstr("ior_easy.json: clients[0].workload: "),
                             HasSubstr("ior_easy.json: cluster.oss: ")));
}

TEST(RunCommand, WrongValuesOfItsOptionsAreRefusedBeforeTheRun) {
  for (const std::vector<std::string>& wrong :
       std::vector<std::vector<std::string>>{{"ior_easy", "--seed", "-1"},
                                             {"ior_easy", "--seed", "one"},
                                             {"ior_easy", "--world", "moon"},
                                             {"ior_easy", "--out", "text"},
                                             {"ior_easy", "--out", "xml=-"},
                                             {"ior_easy", "--set", "layout=-c 4 -i 8"},
                                             {"ior_easy", "--set", "layout=-p fast"},
                                             {"ior_esy"},
                                             {"absent.json"},
                                             {}}) {
    const Ran ran = run(wrong);
    EXPECT_EQ(ran.exit_code, 2) << ran.err;
    EXPECT_EQ(ran.out, "");
    EXPECT_NE(ran.err, "");
  }
}

TEST(RunCommand, SeedTakesAll64Bits) {
  const Ran ran = run({"ior_easy", "--seed", "18446744073709551615", "--print-config"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("\"seed\": 18446744073709551615"));
  EXPECT_EQ(run({"ior_easy", "--seed", "18446744073709551616"}).exit_code, 2);
}

TEST(RunCommand, SettingsNameTheUsersFilesNotTheScenarios) {
  const auto folder = folder_with_scenario("settings");
  std::filesystem::create_directories(folder / "user");
  write_text(folder / "user" / "hw.json", R"({"name": "mine"})");
  write_text(folder / "user" / "s.ior", "IOR START\nfsync=1\nRUN\nIOR STOP\n");
  const UserIn user(folder / "user");
  const Ran hardware = run({"../small.json", "--set", "cluster.hardware=./hw.json"});
  EXPECT_EQ(hardware.exit_code, 0) << hardware.err;
  EXPECT_THAT(hardware.out, HasSubstr("hardware mine,"));
  const Ran script =
      run({"../small.json", "--set", "clients[0].workload={\"ior_script\": \"s.ior\"}"});
  EXPECT_EQ(script.exit_code, 0) << script.err;
}

TEST(RunCommand, OutputThatCannotBeWrittenIsFoundBeforeTheRun) {
  const auto folder = folder_with_scenario("unwritable");
  const UserIn user(folder);
  const Ran ran = run({"small.json", "--out", "text=-", "--out", "json=absent/result.json"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.err, HasSubstr("absent/result.json: No such file or directory"));
  EXPECT_EQ(ran.out, "");
}

TEST(RunCommand, OutputIsLeftAloneUntilThereIsAResult) {
  const auto folder = folder_with_scenario("kept");
  const UserIn user(folder);
  write_text(folder / "old.json", "old");
  EXPECT_EQ(run({"small.json", "--out", "json=old.json", "--out", "text=no/x"}).exit_code, 2);
  EXPECT_EQ(text_of(folder / "old.json"), "old");
  EXPECT_EQ(run({"small.json", "--out", "text=new.txt", "--out", "json=no/x"}).exit_code, 2);
  EXPECT_FALSE(std::filesystem::exists(folder / "new.txt"));
  EXPECT_EQ(run({"small.json", "--out", "json=old.json"}).exit_code, 0);
  EXPECT_THAT(text_of(folder / "old.json"), StartsWith("{"));
}

TEST(RunCommand, FileIsWrittenOnce) {
  const UserIn user(folder_with_scenario("twice"));
  EXPECT_THAT(run({"small.json", "--out", "text=r", "--out", "json=r"}).err,
              HasSubstr("is written already"));
}

}  // namespace
}  // namespace bench
