// When a phase's clock runs, and where stonewalls stand on it.
#include <gtest/gtest.h>

#include "scenarios/run/run_testing.h"

namespace scenarios {
namespace {

// Flash, past every cache. The IOR line is set by each test.
constexpr std::string_view kFlash = R"({
  "name": "t",
  "cluster": {"osts": 1, "hardware": "nvme_2023"},
  "clients": [{"design": {"direct_io": true}, "workload": {"ior": "-w"}}],
  "layout": "-c 1 -S 1M"
})";

reports::Result run_ior(const std::string& line, std::vector<std::string> sets = {}) {
  sets.push_back("clients[0].workload.ior=" + line);
  return run_text(kFlash, sets);
}

std::uint64_t count_of(const reports::PhaseResult& phase, std::string_view op) {
  for (const reports::LatencySummary& latency : phase.latency) {
    if (latency.op == op) {
      return latency.count;
    }
  }
  return 0;
}

// A rank alone never pauses between its first measured operation and its last.
class PhaseClock : public testing::TestWithParam<const char*> {};

TEST_P(PhaseClock, RunsFromTheFirstOpenToTheLastClose) {
  for (const reports::PhaseResult& phase : run_ior(GetParam()).phases) {
    std::int64_t operations = 0;
    for (const auto& [stage, time] : stages_of(phase)) {
      operations += time;
    }
    EXPECT_EQ(phase.time().ns(), operations) << phase.name;
    if (count_of(phase, "write") > 0) {
      EXPECT_EQ(count_of(phase, "unlink") + count_of(phase, "mkdir"), 0u) << "before the clock";
      EXPECT_EQ(count_of(phase, "create"), 1u);
    }
  }
}
INSTANTIATE_TEST_SUITE_P(Ior, PhaseClock,
                         testing::Values("-w -r -t 1m -b 4m", "-w -r -k -i 2 -t 1m -b 4m",
                                         "-w -r -F -u -t 1m -b 4m", "-w -r -F -u -d 2 -t 1m -b 4m",
                                         "-w -W -r -d 2 -i 2 -t 1m -b 4m"));

// What the phase's resources are compared with is the time of its clock.
TEST(PhaseTime, DelayBeforeAPhaseChangesNoBusyShare) {
  const reports::Result plain = run_ior("-w -r -t 1m -b 32m");
  const reports::Result delayed = run_ior("-w -r -d 2 -t 1m -b 32m");
  for (const std::string_view name : {"write", "read"}) {
    const reports::PhaseResult a = phase_of(plain, name);
    const reports::PhaseResult b = phase_of(delayed, name);
    EXPECT_EQ(a.time(), b.time());
    const auto pipe = [](const reports::PhaseResult& phase) {
      for (const reports::ResourceUse& use : phase.resources) {
        if (use.name == "ost0.pipe") {
          return use.busy;
        }
      }
      return 0.0;
    };
    EXPECT_GT(pipe(a), 0.1);
    EXPECT_NEAR(pipe(a), pipe(b), 1e-6) << name;
  }
}

TEST(PhaseTime, RemovingAFileOfAnEarlierRunIsNotWriting) {
  const reports::Result result = run_ior("-w -k -i 2 -t 1m -b 4m");
  for (const std::string_view name : {"write.1", "write.2"}) {
    const reports::PhaseResult phase = phase_of(result, name);
    std::uint64_t reints = 0;
    for (const reports::RpcCount& rpc : phase.rpcs) {
      reints += rpc.opcode == "MDS_REINT" ? rpc.count : 0;
    }
    EXPECT_EQ(reints, 0u) << name << ": the unlink belongs to no phase";
  }
}

// A test of a script that fewer tasks take part in ends with the last of those.
TEST(PhaseTime, TasksOutsideATestDoNotEndItsPhase) {
  const reports::Result result = run_ior(
      "IOR START\nwriteFile=1\ntransferSize=1m\nblockSize=4m\nnumTasks=2\nRUN\nnumTasks=3\nRUN\n"
      "IOR STOP\n",
      {"clients[0].tasks_per_node=3"});
  const reports::PhaseResult first = phase_of(result, "write.1");
  EXPECT_EQ(first.bytes, 2 * 4 * sim::kMiB);
  EXPECT_EQ(first.bulk_bytes, first.bytes);
  EXPECT_EQ(phase_of(result, "write.2").bulk_bytes, 3 * 4 * sim::kMiB);
}

// Transfers of IOR's DUMMY take the time they are told to, and nothing else does.
std::string dummy(std::string_view options, int microseconds) {
  return "-a DUMMY -k -D 1 -t 1m -b 100m --dummy.delay-xfer=" + std::to_string(microseconds) + " " +
         std::string(options);
}

TEST(Stonewall, StandsAtItsDeadlineAfterTheLoopBegan) {
  const auto writes = [](int microseconds) {
    return count_of(phase_of(run_ior(dummy("-w", microseconds)), "write"), "write");
  };
  EXPECT_EQ(writes(333'333), 4u) << "the third ends just before it";
  EXPECT_EQ(writes(333'334), 3u) << "the third ends just behind it";
  EXPECT_EQ(writes(250'000), 4u) << "the fourth ends at it";
  EXPECT_EQ(writes(2'000'000), 1u) << "never none";
}

TEST(Stonewall, StandsInEveryRepetition) {
  const reports::Result result = run_ior(dummy("-w -r -i 3", 300'000));
  for (const std::string_view name :
       {"write.1", "write.2", "write.3", "read.1", "read.2", "read.3"}) {
    EXPECT_EQ(phase_of(result, name).bytes, 4 * sim::kMiB) << name;
  }
}

TEST(Stonewall, WearOutGoesOnToTheLargestCount) {
  const reports::Result result =
      run_ior(dummy("-w -r -O stoneWallingWearOut=1 --dummy.delay-only-rank0", 300'000),
              {"clients[0].tasks_per_node=2"});
  EXPECT_EQ(phase_of(result, "write").bytes, 200 * sim::kMiB);
}

TEST(Stonewall, WithoutWearOutEachRankKeepsItsCount) {
  const reports::Result result =
      run_ior(dummy("-w -r --dummy.delay-only-rank0", 300'000), {"clients[0].tasks_per_node=2"});
  EXPECT_EQ(phase_of(result, "write").bytes, 104 * sim::kMiB);
  EXPECT_EQ(phase_of(result, "read").bytes, 104 * sim::kMiB);
}

// Laying down a file of 20 GiB takes longer than the deadline.
TEST(Stonewall, IsNotReachedWhileFilesAreMadeReady) {
  const reports::PhaseResult read = phase_of(run_ior("-r -k -t 16m -b 20g -D 1"), "read");
  EXPECT_GT(read.start, sim::TimePoint() + sim::seconds(1));
  EXPECT_GT(read.time(), sim::seconds(1));
  EXPECT_LT(read.bytes, 20 * sim::kGiB);
  EXPECT_GT(read.bytes, sim::kGiB);
}

}  // namespace
}  // namespace scenarios
