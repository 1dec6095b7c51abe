// Clients that share files: what of it must come out whatever the pattern.
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/run/sharing_scenario_testing.h"
#include "scenarios/workload/sharing/pattern.h"

namespace scenarios {
namespace {

constexpr const char* kNoCaches = R"("design": {"preset": "lustre", "direct_io": true})";

class Sharing : public testing::TestWithParam<std::tuple<int, const char*>> {
 protected:
  std::string pattern() const {
    const auto number = static_cast<SharingPattern>(std::get<0>(GetParam()));
    return fmt::format(R"("pattern": "{}", "rounds": 20{})", sharing_pattern(number).name,
                       sharing_pattern(number).sized ? R"(, "file_size": "256KiB")" : "");
  }
  std::vector<std::string> sets() const {
    return {std::string("world=") + std::get<1>(GetParam()), "cluster.overrides.store=memory"};
  }
};

TEST_P(Sharing, WithoutCachesNothingIsEverStale) {
  const std::string clients = std::string(R"("count": 3, )") + kNoCaches;
  const reports::Result result = share(group_of(clients, pattern()), sets());
  expect_coherent(result);
  EXPECT_GT(judged(result).blocks.staleness.reads, 0u);
}

TEST_P(Sharing, RanksOfOneNodeSeeOneCacheAndNothingIsStale) {
  expect_coherent(share(group_of(R"("tasks_per_node": 4)", pattern()), sets()));
}

TEST_P(Sharing, WritersOfOneDesignAndReadersOfAnotherRunOnePattern) {
  const bool one = pattern().find("read_mostly") != std::string::npos;
  const std::string writers =
      group_of(fmt::format(R"("name": "linux", "count": {}, {})", one ? 1 : 2, kNoCaches),
               pattern() + R"(, "role": "writer")");
  const std::string readers =
      group_of(std::string(R"("name": "windows", "count": 2, )") + kNoCaches,
               pattern() + R"(, "role": "reader")");
  const reports::Result result = share(writers + ", " + readers, sets());
  expect_coherent(result);
  const reports::PhaseResult& phase = result.phases.front();
  ASSERT_EQ(phase.groups.size(), 2u);
  ASSERT_TRUE(phase.coherence && phase.groups[0].coherence && phase.groups[1].coherence);
  EXPECT_GT(phase.groups[1].coherence->reads, 0u);
  EXPECT_EQ(phase.groups[0].coherence->reads + phase.groups[1].coherence->reads,
            phase.coherence->reads);
}

INSTANTIATE_TEST_SUITE_P(Patterns, Sharing,
                         testing::Combine(testing::Range(0, 7), testing::Values("sim", "socket")),
                         [](const auto& instance) {
                           const auto number =
                               static_cast<SharingPattern>(std::get<0>(instance.param));
                           return std::string(sharing_pattern(number).name) + "_" +
                                  std::get<1>(instance.param);
                         });

}  // namespace
}  // namespace scenarios
