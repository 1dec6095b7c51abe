#include "scenarios/workload/import.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "scenarios/workload/dxt_samples.h"

namespace scenarios {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

TEST(Import, IorLineIsKeptVerbatimWithItsTasksAndNodes) {
  const char* line = "mpirun -n 8 -ppn 2 ior -w --posix.lustre.stripecount=4 # note";
  const auto text = import_ior(line, {}, {});
  ASSERT_TRUE(text.ok()) << text.error().message;
  EXPECT_EQ(Json::parse(*text), Json::parse(R"({
    "name": "imported",
    "cluster": {"osts": 8, "oss": 4, "hardware": "nvme_2023"},
    "clients": [{"count": 4, "workload":
      {"ior": "mpirun -n 8 -ppn 2 ior -w --posix.lustre.stripecount=4 # note", "tasks": 8}}],
    "layout": "-c 4"})"));
}

TEST(Import, ImportedLineMeansTheSameWorkload) {
  const char* line = "srun -n 6 ior -F -z";
  const Json scenario = Json::parse(*import_ior(line, {}, {}));
  const Json& workload = scenario["clients"][0]["workload"];
  const IorContext context{.tasks = workload["tasks"]};
  const auto again = ior_workload(workload["ior"].get<std::string>(), context);
  EXPECT_EQ(digest(**again), digest(**ior_workload(line, {})));
}

TEST(Import, DxtDumpIsNamedByItsPath) {
  const auto text = import_dxt(small_run(DxtDialect::v347).text(), "run.txt",
                               {DxtTiming::as_fast_as_possible, DxtMounts::lustre_only},
                               {.name = "replayed", .hardware = "h.json", .osts = 1, .oss = 4});
  ASSERT_TRUE(text.ok()) << text.error().message;
  EXPECT_EQ(Json::parse(*text), Json::parse(R"({
    "name": "replayed",
    "cluster": {"osts": 2, "oss": 2, "hardware": "h.json"},
    "clients": [{"workload":
      {"dxt": "run.txt", "timing": "as_fast_as_possible", "mounts": "lustre_only"}}],
    "layout": "-c 2 -S 1048576"})"));
}

TEST(Import, DumpIsToldByItsFirstLineOrARecord) {
  const std::string whole = small_run(DxtDialect::v347).text();
  EXPECT_TRUE(is_dxt_dump(whole));
  EXPECT_TRUE(is_dxt_dump("# darshan log version: 3.2"));
  EXPECT_TRUE(is_dxt_dump(whole.substr(whole.find("# DXT, file_id"))));
  EXPECT_TRUE(is_dxt_dump("# my notes\n# DXT, file_id: 1, file_name: /f\n"));
  EXPECT_FALSE(is_dxt_dump("# see the DXT of it\nior -w"));
  EXPECT_FALSE(is_dxt_dump(""));
}

TEST(Import, WhatCannotRunIsRefused) {
  EXPECT_THAT(import_ior("ior -b 3 -t 2", {}, {}).error().message, HasSubstr("multiple of 8"));
  EXPECT_THAT(import_dxt("junk\n", "run.txt", {}, {}).error().message, HasSubstr("run.txt:1:"));
}

TEST(Import, BytesThatAreNotUtf8StillMakeJson) {
  const auto text = import_ior("-o caf\xe9", {}, {});
  ASSERT_TRUE(text.ok());
  EXPECT_TRUE(Json::accept(*text));
}

}  // namespace
}  // namespace scenarios
