// What IOR does around its transfers: phases, files, tasks, limits.
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "scenarios/workload/ior.h"
#include "scenarios/workload/ior_testing.h"

namespace scenarios {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

TEST(Ior, OrderOfOperationsIsIors) {
  EXPECT_EQ(kinds_of(*make("-w -r -b 16 -t 8"), 0),
            "phase unlink barrier create io_begin write write io_end close barrier "
            "phase barrier open io_begin read read io_end close "
            "phase barrier unlink barrier");
  EXPECT_EQ(kinds_of(*make("-w -k -e -g -Y -E -d 1 -b 16 -t 8"), 0),
            "phase think barrier create barrier io_begin write fsync write fsync io_end fsync "
            "barrier close barrier barrier");
  EXPECT_EQ(kinds_of(*make("-W -w -k -g -b 8 -t 8"), 0),
            "phase unlink barrier create barrier io_begin write io_end barrier close barrier "
            "phase barrier open io_begin read io_end close barrier");
}

TEST(Ior, OnlyRankZeroRemovesASharedFile) {
  const auto workload = make("-w -N 3");
  EXPECT_EQ(ops_of(*workload, 0, OpKind::unlink).size(), 2u);
  EXPECT_EQ(ops_of(*workload, 1, OpKind::unlink).size(), 0u);
}

TEST(Ior, EachFilePerProcessIsRemovedByOneTask) {
  for (const char* flags : {"", "-C", "-Z", "-ZZ"}) {
    const auto workload = make(fmt::format("-w -r -F -N 6 {}", flags), {.tasks_per_node = 2});
    std::set<std::uint32_t> removed;
    for (std::uint32_t rank = 0; rank < 6; ++rank) {
      for (const Op& op : ops_of(*workload, rank, OpKind::unlink, "remove")) {
        EXPECT_TRUE(removed.insert(op.file).second) << flags;
      }
    }
    EXPECT_EQ(removed.size(), 6u) << flags;
  }
}

TEST(Ior, EveryRankMeetsTheSameBarriers) {
  const auto workload = make("-w -r -W -g -F -C -i 2 -N 5");
  const std::size_t barriers = ops_of(*workload, 0, OpKind::barrier).size();
  for (std::uint32_t rank = 1; rank < 5; ++rank) {
    EXPECT_EQ(ops_of(*workload, rank, OpKind::barrier).size(), barriers);
  }
}

TEST(Ior, VerifyMarksTheChecksOnly) {
  const auto workload = make("-w -r -W");
  EXPECT_TRUE(ops_of(*workload, 0, OpKind::read, "write_check").front().verify);
  EXPECT_FALSE(ops_of(*workload, 0, OpKind::read, "read").front().verify);
  EXPECT_TRUE(ops_of(*make("-w -R"), 0, OpKind::read, "read").front().verify);
}

TEST(Ior, ClosedFormCountsEveryOptionThatAddsOperations) {
  for (const char* line :
       {"-w -r -e -Y -g -N 3", "-w -r -W -R -F -u -N 3 -i 2", "-F -m -i 3 -k -N 2 -d 2",
        "-w -r -W -O interIODelay=5 -N 2", "-w -R -O interIODelay=5 -N 2", "-E -w -N 2",
        "-w -r -O stoneWallingWearOutIterations=3 -N 2", "-a DUMMY -N 2 -F"}) {
    const auto workload = make(line);
    EXPECT_EQ(count_by_running(*workload), workload->summary()) << line;
  }
}

TEST(Ior, IterationLimitCutsEachRank) {
  const auto workload = make("-w -b 1m -t 256k -s 2 -O stoneWallingWearOutIterations=3 -N 2");
  EXPECT_EQ(workload->summary().total.count(OpKind::write), 6u);
  const auto whole = make("-w -b 1m -t 256k -s 2 -O stoneWallingWearOutIterations=9 -N 2");
  EXPECT_EQ(whole->summary().total.count(OpKind::write), 16u);
}

TEST(Ior, NamesFollowTheOptions) {
  const auto name = [](const char* line, std::size_t file) {
    return make(line)->plan().files.at(file).name;
  };
  EXPECT_EQ(name("-o /a/f", 0), "/a/f");
  EXPECT_EQ(name("-o /a/f -m -i 2", 1), "/a/f.1");
  EXPECT_EQ(name("-o /a/f -F -N 2", 1), "/a/f.00000001");
  EXPECT_EQ(name("-o /a/f -F -m -i 2 -N 2", 3), "/a/f.00000001.1");
  EXPECT_EQ(name("-o /a/f@/b/g -F -N 3", 1), "/b/g.00000001");
  EXPECT_EQ(name("-o /a/f@/b/g -F -N 3", 2), "/a/f.00000002");
  EXPECT_EQ(name("-o /a/f@/b/g -N 3", 0), "/a/f");
}

TEST(Ior, UniqueDirectoryIsMadeByItsTask) {
  const auto workload = make("-w -F -u -o /a/f -N 2");
  const auto made = ops_of(*workload, 1, OpKind::mkdir);
  ASSERT_EQ(made.size(), 1u);
  EXPECT_EQ(workload->plan().files[made[0].file].name, "/a/1");
  EXPECT_TRUE(workload->plan().files[made[0].file].directory);
  const auto writes = ops_of(*workload, 1, OpKind::write);
  EXPECT_EQ(workload->plan().files[writes[0].file].name, "/a/1/f.00000001");
}

TEST(Ior, FileThatIsOnlyReadMustExistInFull) {
  EXPECT_EQ(make("-r -E -b 1m -s 2 -N 3")->plan().files[0].preexisting_size, 6 * sim::kMiB);
  EXPECT_EQ(make("-r -F -b 1m -s 2 -N 3")->plan().files[2].preexisting_size, 2 * sim::kMiB);
  EXPECT_FALSE(make("-w -r")->plan().files[0].preexisting_size);
}

TEST(Ior, LaterTestOfAScriptReadsWhatAnEarlierKept) {
  const auto kept = make(
      "IOR START\nkeepFile=1\nwriteFile=1\nRUN\nwriteFile=0\nreadFile=1\nRUN\n"
      "IOR STOP\n");
  EXPECT_EQ(kept->plan().files.size(), 1u);
  EXPECT_FALSE(kept->plan().files[0].preexisting_size);
  EXPECT_EQ(kept->plan().phases[1].test, 1u);
}

TEST(Ior, TestWithFewerTasksLeavesTheOthersWaitingAtItsEnd) {
  const auto workload =
      make("IOR START\nnumTasks=2\nRUN\nnumTasks=3\nRUN\nIOR STOP\n", {.tasks = 3});
  EXPECT_EQ(workload->plan().phases[0].ranks, 2u);
  EXPECT_TRUE(ops_of(*workload, 2, OpKind::create).size() == 1u);
  EXPECT_EQ(ops_of(*workload, 2, OpKind::barrier).front().parties, 3u);
  EXPECT_EQ(count_by_running(*workload), workload->summary());
}

TEST(Ior, StonewallBelongsToThePhaseAndBindsWhatFollows) {
  const auto workload = make("-w -r -W -k -D 30 -O stoneWallingWearOut=1 -T 2");
  const auto& phases = workload->plan().phases;
  ASSERT_EQ(phases.size(), 3u);
  EXPECT_EQ(phases[0].stonewall, (Stonewall{sim::seconds(30), true}));
  EXPECT_FALSE(phases[0].limited_by);
  EXPECT_EQ(phases[1].limited_by, 0u);
  EXPECT_EQ(phases[2].limited_by, 0u);
  EXPECT_EQ(phases[0].latest_start, sim::seconds(120));
}

TEST(Ior, LoweredLimitEndsTheLoopAndRaisedLimitGoesOn) {
  const auto workload = make("-w -k -t 8 -b 32");
  const auto stream = workload->stream(0);
  std::vector<sim::Bytes> offsets;
  int ends = 0;
  for (Op op; stream->next(op);) {
    if (op.kind == OpKind::write) {
      offsets.push_back(op.offset);
      if (offsets.size() == 2) {
        stream->set_limit(0);
      }
    }
    if (op.kind == OpKind::io_end && ++ends == 1) {
      EXPECT_EQ(stream->transfers_done(), 2u);
      stream->set_limit(6);
    }
  }
  EXPECT_EQ(ends, 2);
  EXPECT_EQ(offsets, (std::vector<sim::Bytes>{0, 8, 16, 24, 0, 8})) << "wraps to the first";
}

TEST(Ior, FsyncPerWriteFollowsEvenTheLastWriteBeforeTheWall) {
  const auto workload = make("-w -k -Y -t 8 -b 32");
  const auto stream = workload->stream(0);
  Op op;
  while (stream->next(op) && op.kind != OpKind::write) {
  }
  stream->set_limit(1);
  ASSERT_TRUE(stream->next(op));
  EXPECT_EQ(op.kind, OpKind::fsync);
  ASSERT_TRUE(stream->next(op));
  EXPECT_EQ(op.kind, OpKind::io_end);
}

TEST(Ior, SkippedPhaseLeavesTheNext) {
  const auto workload = make("-w -r -k");
  const auto stream = workload->stream(0);
  Op op;
  ASSERT_TRUE(stream->next(op));
  stream->skip_phase();
  ASSERT_TRUE(stream->next(op));
  EXPECT_EQ(op.kind, OpKind::phase);
  EXPECT_EQ(op.phase, 1u);
  stream->skip_phase();
  EXPECT_FALSE(stream->next(op));
}

TEST(Ior, DummyTakesItsTimeAndTouchesNothing) {
  const auto workload = make(
      "-a DUMMY -w -e -N 2 --dummy.delay-create=5 --dummy.delay-close=6 --dummy.delay-xfer=7 "
      "--dummy.delay-only-rank0");
  EXPECT_EQ(ops_of(*workload, 0, OpKind::create)[0].stand_in, sim::microseconds(5));
  EXPECT_EQ(ops_of(*workload, 0, OpKind::close)[0].stand_in, sim::microseconds(6));
  EXPECT_EQ(ops_of(*workload, 0, OpKind::write)[0].stand_in, sim::microseconds(7));
  EXPECT_EQ(ops_of(*workload, 0, OpKind::fsync)[0].stand_in, sim::Duration());
  EXPECT_EQ(ops_of(*workload, 1, OpKind::write)[0].stand_in, sim::Duration());
  EXPECT_FALSE(ops_of(*make("-w"), 0, OpKind::write)[0].stand_in);
}

TEST(Ior, OpenModesComeFromTheOptions) {
  EXPECT_TRUE(ops_of(*make("-w --posix.odirect"), 0, OpKind::create)[0].direct);
  EXPECT_FALSE(ops_of(*make("-w"), 0, OpKind::create)[0].direct);
}

TEST(Ior, OptionThatLeavesOutLocksIsNotedAsLeftToTheDesign) {
  for (const char* option : {"--posix.lustre.ignorelocks", "-O lustreIgnoreLocks=1"}) {
    const auto workload = make(std::string("-w ") + option);
    EXPECT_THAT(workload->plan().notes,
                Contains(HasSubstr("goes by their design's \"coherence\"")));
    EXPECT_EQ(digest(*workload), digest(*make("-w")));
  }
}

// IOR starts its clock at the open, after all tasks have met.
TEST(Ior, RemovingAnOldFileAndMakingADirectoryPrepareTheWritePhase) {
  const auto workload = make("-w -r -F -u -i 2 -N 2");
  for (const OpKind kind : {OpKind::mkdir, OpKind::unlink}) {
    for (const Op& op : ops_of(*workload, 1, kind, "write")) {
      EXPECT_TRUE(op.prepares);
    }
    EXPECT_EQ(ops_of(*workload, 1, kind, "write").size(), 2u);
  }
  for (const Op& op : ops_of(*workload, 1, OpKind::unlink, "remove")) {
    EXPECT_FALSE(op.prepares) << "removing is what this phase is about";
  }
  EXPECT_FALSE(ops_of(*workload, 1, OpKind::create)[0].prepares);
}

TEST(Ior, ChecksAreAnnouncedInThePlan) {
  EXPECT_FALSE(make("-w -r")->plan().verifies);
  EXPECT_TRUE(make("-w -W")->plan().verifies);
  EXPECT_TRUE(make("-w -R")->plan().verifies);
}

TEST(Ior, PlannedOperationsAreThoseARunCarriesOut) {
  const auto planned = [](std::string_view line) { return planned_operations(*make(line)); };
  // Twice unlink, and create, close, open, close; two writes and two reads.
  EXPECT_EQ(planned("-w -r -g -b 16 -t 8 -d 1"), 10u) << "no marker, barrier or pause counts";
  EXPECT_EQ(planned("-w -k -b 16 -t 8 -D 30"), std::nullopt) << "nobody knows where the wall is";
  EXPECT_EQ(planned("-w -k -b 16 -t 8 -O minTimeDuration=3"), std::nullopt);
  EXPECT_EQ(planned("-w -k -b 16 -t 8 -T 1"), 5u);
}

TEST(Ior, TasksComeFromTheScenarioTheLauncherOrN) {
  EXPECT_EQ(make("-w")->plan().ranks, 1u);
  EXPECT_THAT(make("-w")->plan().notes, Contains(HasSubstr("how many tasks")));
  EXPECT_EQ(make("-w -N 4")->plan().ranks, 4u);
  EXPECT_EQ(make("mpirun -n 4 ior -w -N 2")->plan().ranks, 4u);
  EXPECT_EQ(make("-w", {.tasks = 6, .tasks_per_node = 4})->plan().nodes(), 2u);
  EXPECT_THAT(error_of("mpirun -n 4 ior -w", {.tasks = 8}), HasSubstr("drop one"));
  EXPECT_THAT(error_of("mpirun -n 4 ior -w -N 5"), HasSubstr("-N asks for 5 tasks, there are 4"));
}

TEST(Ior, RanksFillNodesInBlocksOrAreDealtInTurn) {
  EXPECT_EQ(make("-w -N 4", {.tasks_per_node = 2})->plan().node_of_rank,
            (std::vector<std::uint32_t>{0, 0, 1, 1}));
  EXPECT_EQ(make("-w -N 4", {.tasks_per_node = 2, .cyclic = true})->plan().node_of_rank,
            (std::vector<std::uint32_t>{0, 1, 0, 1}));
}

TEST(Ior, JobOf24TebibytesIsLaidOutWithoutBeingRun) {
  const auto workload =
      make("-w -F -C -e -g -k -b 4m -t 4m -s 1638", {.tasks = 3840, .tasks_per_node = 4});
  EXPECT_EQ(workload->summary().total.bytes_written, 4 * sim::kMiB * 1638 * 3840);
  EXPECT_EQ(workload->plan().nodes(), 960u);
}

TEST(Ior, ExtentIsCheckedBeforeAnythingIsBuilt) {
  EXPECT_EQ(error_of("-w -b 1p -s 1024"), "accepted");
  EXPECT_THAT(error_of("-w -b 1p -s 1025"), HasSubstr("too many bytes"));
  EXPECT_THAT(error_of("-w -b 16383p -t 16383p -s 18446744073709551615"),
              HasSubstr("too many bytes"));
  EXPECT_THAT(error_of("-w -F -m -i 100 -N 100000 -b 8 -t 8"), HasSubstr("too many files"));
  EXPECT_THAT(error_of("-w -i 100001"), HasSubstr("at most 100000 repetitions"));
}

TEST(Ior, EndlessSegmentsAreCutOnlyUnderAStonewall) {
  const IorContext many{.tasks = 16000};
  const char* endless = "-w -t 4k -b 1g -s 10000000";
  EXPECT_THAT(error_of(endless, many), HasSubstr("too many bytes"));
  const auto workload = make(std::string(endless) + " -D 300", many);
  EXPECT_THAT(workload->plan().notes, Contains(HasSubstr("-s 10000000 is cut to 67108")));
  EXPECT_EQ(workload->summary().total.bytes_written, sim::kGiB * 16000 * 67108);
}

TEST(Ior, DumpsAlikeMeansSameDigest) {
  EXPECT_EQ(digest(*make("-w -F -b 4m")), digest(*make("./IOR -O writeFile=1,filePerProc=1 -b4m")));
  EXPECT_NE(digest(*make("-w -F -b 4m")), digest(*make("-w -b 4m")));
}

}  // namespace
}  // namespace scenarios
