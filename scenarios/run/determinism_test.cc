#include <gtest/gtest.h>

#include "scenarios/run/run_testing.h"

namespace scenarios {
namespace {

// Several clients in a random order over devices that take time.
reports::Result shuffled_run(std::uint64_t seed) {
  const std::vector<std::string> sets = {"seed=" + std::to_string(seed),
                                         "cluster.hardware=nvme_2023",
                                         "cluster.osts=4",
                                         "layout=-c -1 -S 1M",
                                         "clients[0].count=3",
                                         "clients[0].tasks_per_node=2",
                                         "clients[0].workload.ior=-F -w -r -z -e -C -t 64k -b 1m"};
  return run_text(kFirstLight, sets);
}

TEST(Determinism, SameSeedGivesTheSameBytes) {
  EXPECT_EQ(json_of(shuffled_run(7)), json_of(shuffled_run(7)));
}

TEST(Determinism, AnotherSeedGoesAnotherWayAndStillVerifies) {
  const reports::Result one = shuffled_run(7);
  const reports::Result other = shuffled_run(8);
  EXPECT_NE(one.context.digest, other.context.digest);
  EXPECT_EQ(one.context.scenario_hash, other.context.scenario_hash);
  for (const reports::Result* result : {&one, &other}) {
    const reports::PhaseResult read = phase_of(*result, "read");
    ASSERT_TRUE(read.verification.has_value());
    EXPECT_EQ(read.verification->words_checked, read.bytes / 8);
    EXPECT_EQ(read.verification->words_bad, 0u);
  }
}

}  // namespace
}  // namespace scenarios
