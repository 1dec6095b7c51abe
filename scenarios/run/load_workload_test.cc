#include "scenarios/run/load_workload.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "scenarios/run/check_workloads.h"
#include "scenarios/run/run_testing.h"

namespace scenarios {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

// A dump of one rank that writes `length` bytes on a file system of this type.
std::string dump(const std::string& fs, const std::string& length) {
  return "# darshan log version: 3.21\n# nprocs: 1\n"
         "# DXT, file_id: 11, file_name: /m/f\n# DXT, rank: 0, hostname: node0\n"
         "# DXT, write_count: 1, read_count: 0\n# DXT, mnt_pt: /m, fs_type: " +
         fs + "\nX_POSIX 0 write 0 0 " + length + " 0.0000 0.1000\n";
}

// Puts a file into the test's folder and returns its path.
std::string file_with(const std::string& name, const std::string& text) {
  const std::string path = testing::TempDir() + "/" + name;
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

// A scenario that replays the dump at `path`.
sim::Result<Scenario> replay(const std::string& path) {
  return smallest_with({"clients[0].workload={\"dxt\": \"" + path + "\"}"});
}

TEST(LoadWorkload, MountsLeaveFilesOut) {
  Scenario scenario = *replay(file_with("rootfs.txt", dump("rootfs", "8")));
  EXPECT_EQ(load_workload(scenario, 0)->workload->plan().files.size(), 1u);
  scenario.clients[0].workload.mounts = TraceMounts::lustre_only;
  EXPECT_EQ(load_workload(scenario, 0)->workload->plan().files.size(), 0u);
}

TEST(LoadWorkload, AFaultInAScriptNamesTheScript) {
  Scenario scenario;
  scenario.clients.resize(1);
  scenario.clients[0].workload.ior_script = file_with("faulty.ior", "IOR START\nnosuch=1\nRUN\n");
  EXPECT_THAT(load_workload(scenario, 0).error().message, HasSubstr("faulty.ior: "));
}

TEST(LoadWorkload, PathsBeginInTheDirectory) {
  file_with("here.txt", dump("lustre", "8"));
  Scenario scenario;
  scenario.clients.resize(1);
  scenario.clients[0].workload.dxt = "here.txt";
  scenario.directory = testing::TempDir();
  EXPECT_TRUE(load_workload(scenario, 0).ok());
  scenario.directory += "/absent";
  EXPECT_THAT(load_workload(scenario, 0).error().message,
              HasSubstr("absent/here.txt: No such file"));
  scenario.directory = testing::TempDir();
  scenario.clients[0].workload.dxt = ".";
  EXPECT_FALSE(load_workload(scenario, 0).ok());
}

TEST(ScenarioHash, CoversWhatATraceHoldsNotWhatItIsCalled) {
  const auto hash_of = [](const std::string& path) {
    const auto scenario = replay(path);
    EXPECT_TRUE(scenario.ok());
    const auto result = run_scenario(*scenario);
    EXPECT_TRUE(result.ok());
    return result->context.scenario_hash;
  };
  const std::string eight = hash_of(file_with("eight.txt", dump("lustre", "8")));
  EXPECT_EQ(hash_of(file_with("again.txt", dump("lustre", "8"))), eight);
  EXPECT_NE(hash_of(file_with("nine.txt", dump("lustre", "9"))), eight);
}

TEST(CheckWorkloads, EveryGroupsFaultsAreFoundOnce) {
  const auto scenario = read(R"({"name": "s", "cluster": {"osts": 2}, "layout": "-i 9",
      "clients": [{"workload": {"ior": "-b 3"}, "layout": "-p fast"},
                  {"workload": {"ior": "-w --posix.lustre.startost=5"}}]})");
  ASSERT_TRUE(scenario.ok()) << refusal(scenario);
  Faults faults;
  faults.add("t.json", "layout", "found before");
  check_workloads(*scenario, "t.json", faults);
  const std::string message = faults.error().message;
  EXPECT_THAT(message, HasSubstr("t.json: clients[0].workload: "));
  EXPECT_THAT(message, HasSubstr("t.json: clients[0].layout: component 1: there is no pool"));
  EXPECT_THAT(message, HasSubstr("t.json: clients[1].workload: layout \"-i 5"));
  EXPECT_EQ(std::ranges::count(message, '\n'), 3);
}

TEST(Run, MoreStripesThanOstsAreNoted) {
  const std::vector<std::string> sets = {"layout=-c 5"};
  EXPECT_THAT(run_text(kFirstLight, sets).notes, Contains(HasSubstr("files get 2")));
}

}  // namespace
}  // namespace scenarios
