// A trace of several nodes that is run: reads find what others wrote before them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "scenarios/run/run_testing.h"
#include "scenarios/workload/dxt_samples.h"

namespace scenarios {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

// Rank 0 writes for a second and a half what rank 2, on another node, reads as it comes; rank 1
// reads on the writer's node.
std::string relay() {
  DxtSample sample(DxtDialect::v347);
  sample.record("/m/a", 0, 2, 0, "lustre", 5)
      .row("write", 0, 0, 2097152, "0.5000", "1.0000")
      .row("write", 1, 2097152, 1048576, "1.5000", "2.0000");
  sample.record("/m/a", 1, 0, 1, "lustre", 5).row("read", 0, 2097152, 1048576, "2.5000", "2.6000");
  sample.record("/m/a", 2, 0, 2, "lustre", 5)
      .row("read", 0, 0, 1048576, "1.2000", "1.3000")
      .row("read", 1, 1048576, 2097152, "2.5000", "2.6000");
  return sample.text();
}

std::string written(const std::string& name, const std::string& text) {
  const std::string path = testing::TempDir() + name;
  std::ofstream(path) << text;
  return path;
}

reports::Result replay(const std::string& timing, const std::string& direct,
                       const std::string& coherence) {
  const std::string path = written("relay.txt", relay());
  const std::vector<std::string> sets = {
      R"(clients[0].workload={"dxt": ")" + path + R"(", "timing": ")" + timing + R"("})",
      "clients[0].design.direct_io=" + direct, "clients[0].design.coherence=" + coherence};
  return run_text(kFirstLight, sets);
}

class Replay : public testing::TestWithParam<std::tuple<const char*, const char*, const char*>> {};

TEST_P(Replay, ReadsFindWhatOtherNodesWroteBeforeThem) {
  const reports::Result result =
      replay(std::get<0>(GetParam()), std::get<1>(GetParam()), std::get<2>(GetParam()));
  const reports::PhaseResult phase = phase_of(result, "replay");
  EXPECT_EQ(phase.bytes, 7 * sim::kMiB);
  ASSERT_TRUE(phase.verification.has_value());
  EXPECT_EQ(phase.verification->words_checked, 4 * sim::kMiB / 8);
  EXPECT_EQ(phase.verification->words_bad, 0u);
  EXPECT_THAT(result.notes, Contains(HasSubstr("3 reads wait")));
  const auto told = Contains(HasSubstr("2 writes are followed by an fsync"));
  if (std::get<2>(GetParam()) == std::string("ldlm")) {
    EXPECT_THAT(result.notes, Not(told));
  } else {
    EXPECT_THAT(result.notes, told);
  }
}
INSTANTIATE_TEST_SUITE_P(Dxt, Replay,
                         testing::Combine(testing::Values("as_fast_as_possible", "as_recorded"),
                                          testing::Values("true", "false"),
                                          testing::Values("unshared", "ldlm")));

TEST(ReplayedMounts, FilesOfOtherMountsAreLeftOutWhenOnlyLustresAreAskedFor) {
  const std::string path = written("mounts.txt", small_run(DxtDialect::v347).text());
  const auto bytes = [&path](const std::string& mounts) {
    const std::vector<std::string> sets = {R"(clients[0].workload={"dxt": ")" + path +
                                           R"(", "mounts": ")" + mounts + R"("})"};
    return phase_of(run_text(kFirstLight, sets), "replay").bytes;
  };
  EXPECT_EQ(bytes("lustre_only"), 2 * 2097152u + 8 + 16);
  EXPECT_EQ(bytes("all"), 2 * 2097152u + 8 + 16 + 3346);
}

}  // namespace
}  // namespace scenarios
