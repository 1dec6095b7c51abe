// The inputs that fuzzing begins with are worth beginning with: they are read, not refused.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <span>
#include <string>

#include "scenarios/spec_reader.h"
#include "scenarios/workload/dxt.h"
#include "scenarios/workload/ior.h"
#include "stripe/layout/lov_ea.h"
#include "stripe/layout/setstripe.h"

namespace scenarios {
namespace {

std::set<std::filesystem::path> seeds(const std::filesystem::path& folder) {
  std::set<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    paths.insert(entry.path());
  }
  EXPECT_GE(paths.size(), 3u);
  return paths;
}

std::string text_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

TEST(FuzzSeeds, EveryScenarioIsRead) {
  for (const auto& path : seeds("scenarios/spec_fuzz_seeds")) {
    const auto scenario =
        read_scenario({path.string(), "", text_of(path)}, {.open = library_hardware});
    EXPECT_TRUE(scenario.ok()) << scenario.error().message;
  }
}

TEST(FuzzSeeds, EveryDumpIsReplayed) {
  for (const auto& path : seeds("scenarios/workload/dxt_fuzz_seeds")) {
    const auto workload = dxt_workload(text_of(path), path.string(), {});
    ASSERT_TRUE(workload.ok()) << workload.error().message;
    EXPECT_GT((*workload)->summary().total.bytes_written, 0u) << path;
  }
}

TEST(FuzzSeeds, EveryIorInputDoesSomething) {
  for (const auto& path : seeds("scenarios/workload/ior_fuzz_seeds")) {
    const auto workload = ior_workload(text_of(path), {});
    ASSERT_TRUE(workload.ok()) << path << workload.error().message;
    EXPECT_GT((*workload)->summary().total.bytes_written, 0u) << path;
  }
}

TEST(FuzzSeeds, EveryLayoutIsRead) {
  for (const auto& path : seeds("stripe/layout/setstripe_fuzz_seeds")) {
    const auto layout = stripe::parse_setstripe(text_of(path));
    EXPECT_TRUE(layout.ok()) << path << layout.error().message;
  }
  for (const auto& path : seeds("stripe/layout/lov_ea_fuzz_seeds")) {
    const std::string bytes = text_of(path);
    const auto layout = stripe::decode_lov_ea(std::as_bytes(std::span(bytes)));
    EXPECT_TRUE(layout.ok()) << path << layout.error().message;
  }
}

}  // namespace
}  // namespace scenarios
