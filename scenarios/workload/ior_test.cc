// Where IOR's transfers lie: laws that hold for every order of access.
#include "scenarios/workload/ior.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "scenarios/workload/ior_testing.h"

namespace scenarios {
namespace {

// How often each transfer-sized piece of each file is touched by ops of `kind`.
std::map<std::pair<std::uint32_t, sim::Bytes>, int> coverage(const Workload& workload, OpKind kind,
                                                             std::string_view phase = "") {
  std::map<std::pair<std::uint32_t, sim::Bytes>, int> touched;
  for (std::uint32_t rank = 0; rank < workload.plan().ranks; ++rank) {
    for (const Op& op : ops_of(workload, rank, kind, phase)) {
      ++touched[{op.file, op.offset}];
    }
  }
  return touched;
}

struct Shape {
  sim::Bytes transfer;
  sim::Bytes block;
  std::uint64_t segments;
  std::uint32_t tasks;
  std::string flags;
  std::string line() const {
    return fmt::format("-w -r -t {} -b {} -s {} -N {} {}", transfer, block, segments, tasks, flags);
  }
};

// All small jobs: every order of access, with and without file per process.
std::vector<Shape> small_jobs() {
  std::vector<Shape> shapes;
  for (const char* flags : {"", "-F", "-C", "-F -C", "-F -C -Q 2", "-F -Z", "-F -ZZ", "-ZZ", "-z",
                            "-F -z", "-F -z -C", "-z -z", "-F -z -z"}) {
    for (const sim::Bytes transfers : {1u, 2u, 3u, 8u}) {
      const bool shuffled = std::string_view(flags).find("-z") != std::string_view::npos;
      if (shuffled && transfers == 1) {
        continue;
      }
      for (const std::uint64_t segments : {1u, 2u, 3u}) {
        for (const std::uint32_t tasks : {1u, 2u, 3u, 5u}) {
          shapes.push_back({8, 8 * transfers, segments, tasks, flags});
        }
      }
    }
  }
  return shapes;
}

TEST(Ior, BytesOfEachPhaseAreBlocksTimesSegmentsTimesTasks) {
  for (const Shape& shape : small_jobs()) {
    const auto workload = make(shape.line(), {.tasks_per_node = 2});
    ASSERT_NE(workload, nullptr);
    const Summary run = count_by_running(*workload);
    EXPECT_EQ(run, workload->summary()) << shape.line();
    EXPECT_EQ(run.total.bytes_written, shape.block * shape.segments * shape.tasks) << shape.line();
    EXPECT_EQ(run.total.bytes_read, run.total.bytes_written) << shape.line();
  }
}

TEST(Ior, EveryByteIsWrittenOnceWhateverTheOrder) {
  for (const Shape& shape : small_jobs()) {
    if (shape.flags.find("-z -z") != std::string::npos) {
      continue;  // random blocks may repeat
    }
    const auto workload = make(shape.line());
    const auto touched = coverage(*workload, OpKind::write);
    const std::uint64_t pieces = shape.block / shape.transfer * shape.segments * shape.tasks;
    EXPECT_EQ(touched.size(), pieces) << shape.line();
    const bool own = shape.flags.find("-F") != std::string::npos;
    const sim::Bytes size = shape.block * shape.segments * (own ? 1 : shape.tasks);
    for (const auto& [place, times] : touched) {
      EXPECT_EQ(times, 1) << shape.line();
      EXPECT_LT(place.second, size) << shape.line();
    }
  }
}

TEST(Ior, ReadersTouchWhatWasWrittenExceptWithRandomChoice) {
  for (const Shape& shape : small_jobs()) {
    const bool random = shape.flags == "-F -Z" || shape.flags.find("-z -z") != std::string::npos;
    const auto workload = make(shape.line());
    if (!random) {
      EXPECT_EQ(coverage(*workload, OpKind::write), coverage(*workload, OpKind::read))
          << shape.line();
    }
  }
}

TEST(Ior, SharedOffsetIsSegmentThenRankThenTransfer) {
  const auto workload = make("-w -t 8 -b 16 -s 2 -N 3");
  std::vector<sim::Bytes> offsets;
  for (const Op& op : ops_of(*workload, 1, OpKind::write)) {
    offsets.push_back(op.offset);
  }
  EXPECT_EQ(offsets, (std::vector<sim::Bytes>{16, 24, 64, 72}));
}

TEST(Ior, FilePerProcessHasNoRankInTheOffset) {
  const auto workload = make("-w -F -t 8 -b 16 -s 2 -N 3");
  std::vector<sim::Bytes> offsets;
  for (const Op& op : ops_of(*workload, 2, OpKind::write)) {
    offsets.push_back(op.offset);
    EXPECT_EQ(workload->plan().files[op.file].name, "testFile.00000002");
  }
  EXPECT_EQ(offsets, (std::vector<sim::Bytes>{0, 8, 16, 24}));
}

TEST(Ior, ShuffleRepeatsItsOrderInEverySegment) {
  const auto workload = make("-w -z -t 8 -b 64 -s 2 -N 3");
  const auto writes = ops_of(*workload, 1, OpKind::write);
  ASSERT_EQ(writes.size(), 16u);
  std::set<sim::Bytes> distinct;
  for (std::size_t i = 0; i < 8; ++i) {
    EXPECT_EQ(writes[i].offset + 3 * 64, writes[i + 8].offset);
    distinct.insert(writes[i].offset);
  }
  EXPECT_EQ(distinct.size(), 8u);
}

TEST(Ior, ShuffledFilesPerProcessDifferInOrder) {
  const auto workload = make("-w -F -z -t 8 -b 512 -N 2");
  const auto first = ops_of(*workload, 0, OpKind::write);
  const auto second = ops_of(*workload, 1, OpKind::write);
  std::size_t same = 0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    same += first[i].offset == second[i].offset ? 1 : 0;
  }
  EXPECT_LT(same, first.size() / 2);
}

TEST(Ior, RandomBlocksAreWholeAndInsideTheFile) {
  const auto workload = make("-w -z -z -t 8 -b 16 -s 50 -N 2");
  for (std::uint32_t rank = 0; rank < 2; ++rank) {
    const auto writes = ops_of(*workload, rank, OpKind::write);
    ASSERT_EQ(writes.size(), 100u);
    for (std::size_t i = 0; i < writes.size(); i += 2) {
      EXPECT_EQ(writes[i].offset % 16, 0u);
      EXPECT_LT(writes[i].offset, 16u * 50 * 2);
      EXPECT_EQ(writes[i + 1].offset, writes[i].offset + 8);
    }
  }
  EXPECT_EQ(ops_of(*workload, 0, OpKind::write)[0].offset, 16u * 99) << "the last block is first";
}

// The file that `rank` of 8 on nodes of 2 reads, or checks, with -F.
std::uint32_t file_read(std::string_view flags, std::uint32_t rank, bool cyclic,
                        std::string_view phase) {
  const auto workload =
      make(fmt::format("-w -r -W -F -N 8 {}", flags), {.tasks_per_node = 2, .cyclic = cyclic});
  return ops_of(*workload, rank, OpKind::read, phase).front().file;
}

TEST(Ior, ConstantReorderReadsWhatAnotherNodeWrote) {
  EXPECT_EQ(file_read("", 3, false, "read"), 3u);
  EXPECT_EQ(file_read("-C", 3, false, "read"), 5u) << "one node of two tasks further";
  EXPECT_EQ(file_read("-C -Q 2", 3, false, "read"), 7u);
  EXPECT_EQ(file_read("-C", 7, false, "read"), 1u) << "wraps";
  EXPECT_EQ(file_read("-C", 3, true, "read"), 4u) << "the next rank is on the next node";
  EXPECT_EQ(file_read("-C", 3, false, "write_check"), 7u) << "the check goes one node further";
}

TEST(Ior, ConstantReorderLeavesNoReaderOnTheWritersNode) {
  const auto workload = make("-w -r -F -C -N 8", {.tasks_per_node = 2});
  for (std::uint32_t rank = 0; rank < 8; ++rank) {
    const std::uint32_t writer = ops_of(*workload, rank, OpKind::read).front().file;
    EXPECT_NE(workload->plan().node_of_rank[rank], workload->plan().node_of_rank[writer]);
  }
}

TEST(Ior, RandomReorderKeepsAtLeastQNodesAway) {
  for (std::uint64_t seed = 1; seed < 20; ++seed) {
    const auto workload = make("-w -r -F -Z -Q 2 -N 12", {.tasks_per_node = 2, .seed = seed});
    for (std::uint32_t rank = 0; rank < 12; ++rank) {
      const std::uint32_t owner = ops_of(*workload, rank, OpKind::read).front().file;
      EXPECT_GE((owner + 12 - rank) % 12, 4u);
    }
  }
}

TEST(Ior, SeedInTheOptionsOutweighsTheRuns) {
  const auto with_seed = [](const char* line, std::uint64_t seed) {
    return digest(*make(line, {.seed = seed}));
  };
  EXPECT_EQ(with_seed("-z --random-offset-seed=7 -N 4", 1),
            with_seed("-z --random-offset-seed=7 -N 4", 2));
  EXPECT_NE(with_seed("-z -N 4", 1), with_seed("-z -N 4", 2));
  EXPECT_EQ(with_seed("-z -N 4", 2), with_seed("-z -N 4", 2));
  EXPECT_EQ(with_seed("-F -Z -X 5 -N 16", 1), with_seed("-F -Z -X 5 -N 16", 2));
  EXPECT_NE(with_seed("-F -Z -X 5 -N 16", 1), with_seed("-F -Z -X 6 -N 16", 1));
}

TEST(Ior, NegativeReorderSeedChangesWithTheRepetition) {
  const auto order = [](const char* line, std::uint32_t repetition) {
    const auto workload = make(line);
    std::vector<std::uint32_t> files;
    for (std::uint32_t rank = 0; rank < 16; ++rank) {
      files.push_back(ops_of(*workload, rank, OpKind::read)[repetition].file);
    }
    return files;
  };
  const char* fixed = "-w -r -F -ZZ -X 5 -i 2 -N 16 -b 8 -t 8";
  const char* varied = "-w -r -F -ZZ -X -5 -i 2 -N 16 -b 8 -t 8";
  EXPECT_EQ(order(fixed, 0), order(fixed, 1));
  EXPECT_NE(order(varied, 0), order(varied, 1));
}

}  // namespace
}  // namespace scenarios
