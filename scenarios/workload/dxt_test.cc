#include "scenarios/workload/dxt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/workload/dxt_samples.h"

namespace scenarios {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::unique_ptr<Workload> make(const DxtSample& sample, const DxtOptions& options = {}) {
  auto workload = dxt_workload(sample.text(), "t.txt", options);
  EXPECT_TRUE(workload.ok()) << workload.error().message;
  return workload.ok() ? std::move(*workload) : nullptr;
}

std::vector<std::string> ops_of(const Workload& workload, std::uint32_t rank) {
  std::vector<std::string> ops;
  const auto stream = workload.stream(rank);
  for (Op op; stream->next(op);) {
    std::string line(op_kind_name(op.kind));
    if (op.kind == OpKind::read || op.kind == OpKind::write) {
      line += " " + std::to_string(op.offset) + "+" + std::to_string(op.length);
    }
    ops.push_back(line);
  }
  return ops;
}

TEST(Dxt, ThreeDialectsOfARunAreTheSameWorkload) {
  const std::uint64_t first = digest(*make(small_run(DxtDialect::v331)));
  EXPECT_EQ(digest(*make(small_run(DxtDialect::v347))), first);
  EXPECT_EQ(digest(*make(small_run(DxtDialect::threads))), first);
}

TEST(Dxt, FileIsOpenedBeforeItsFirstUseAndClosedAfterItsLast) {
  const auto workload = make(small_run(DxtDialect::v347));
  EXPECT_THAT(ops_of(*workload, 0), ElementsAre("phase", "create", "write 0+2097152",
                                                "write 4194304+8", "read 0+16", "close"));
  EXPECT_THAT(ops_of(*workload, 2),
              ElementsAre("phase", "open", "read 0+3346", "read 3346+0", "close"));
}

TEST(Dxt, LayoutComesFromTheTraceAndItsOstsAreKept) {
  const auto workload = make(small_run(DxtDialect::v331));
  EXPECT_EQ(workload->plan().files[0].layout, "-c 2 -S 1048576");
  EXPECT_THAT(workload->plan().files[0].recorded_osts, ElementsAre(4, 9));
  EXPECT_EQ(workload->plan().files[1].layout, "");
}

TEST(Dxt, BytesAreThoseOfTheRows) {
  const auto workload = make(small_run(DxtDialect::v347));
  EXPECT_EQ(workload->summary().total.bytes_written, 2097152u * 2 + 8);
  EXPECT_EQ(workload->summary().total.bytes_read, 16u + 3346);
  EXPECT_EQ(workload->summary(), count_by_running(*workload));
}

TEST(Dxt, FileThatIsReadBeforeItIsWrittenExistsBefore) {
  DxtSample sample(DxtDialect::v347);
  sample.record("/m/f", 0, 1, 2)
      .row("write", 0, 0, 100, "0.2000", "0.3000")
      .row("read", 0, 0, 50, "0.1000", "0.1000")
      .row("read", 1, 0, 100, "0.4000", "0.4000");
  EXPECT_EQ(make(sample)->plan().files[0].preexisting_size, 50u);
}

TEST(Dxt, OnlyTheUnwrittenPartOfAReadMustExist) {
  DxtSample sample(DxtDialect::v347);
  sample.record("/m/f", 0, 1, 1)
      .row("write", 0, 100, 100, "0.1000", "0.1000")
      .row("read", 0, 50, 150, "0.2000", "0.2000");
  EXPECT_EQ(make(sample)->plan().files[0].preexisting_size, 100u);
  EXPECT_FALSE(make(small_run(DxtDialect::v347))->plan().files[0].preexisting_size);
  EXPECT_EQ(make(small_run(DxtDialect::v347))->plan().files[1].preexisting_size, 3346u);
}

TEST(Dxt, WriteOfAnotherRankFeedsTheRead) {
  DxtSample sample(DxtDialect::v347);
  sample.record("/m/f", 0, 0, 1).row("read", 0, 0, 8, "0.2000", "0.2000");
  sample.record("/m/f", 1, 1, 0).row("write", 0, 0, 8, "0.1000", "0.1000");
  EXPECT_FALSE(make(sample)->plan().files[0].preexisting_size);
}

TEST(Dxt, RecordedOstsAreNotReplayedAndThatIsSaid) {
  EXPECT_THAT(make(small_run(DxtDialect::v347))->plan().notes,
              Contains(HasSubstr("the objects of 1 traced files were on OSTs")));
  DxtSample elsewhere(DxtDialect::v347);
  elsewhere.record("/x/f", 0, 1, 0, "rootfs").row("write", 0, 0, 8, "0.1000", "0.1000");
  EXPECT_THAT(make(elsewhere)->plan().notes, Not(Contains(HasSubstr("were on OSTs"))));
}

TEST(Dxt, WriteOfTheSameInstantFeedsTheRead) {
  DxtSample sample(DxtDialect::v347);
  sample.record("/m/f", 0, 0, 1).row("read", 0, 0, 8, "0.1000", "0.1000");
  sample.record("/m/f", 1, 1, 0).row("write", 0, 0, 8, "0.1000", "0.1000");
  EXPECT_FALSE(make(sample)->plan().files[0].preexisting_size);
}

TEST(Dxt, EqualTimesGoByFileThenWritesThenSegment) {
  DxtSample sample(DxtDialect::v347);
  sample.record("/m/bb", 0, 1, 2)
      .row("write", 0, 1, 1, "0.1000", "0.1000")
      .row("read", 0, 2, 1, "0.1000", "0.1000")
      .row("read", 1, 3, 1, "0.1000", "0.1000");
  sample.record("/m/a", 0, 1, 0).row("write", 0, 4, 1, "0.1000", "0.1000");
  EXPECT_THAT(ops_of(*make(sample), 0),
              ElementsAre("phase", "open", "write 1+1", "read 2+1", "read 3+1", "close", "create",
                          "write 4+1", "close"));
}

TEST(Dxt, RecordedTimesCountFromTheFirstOperation) {
  const auto workload = make(small_run(DxtDialect::v347));
  const auto stream = workload->stream(0);
  for (Op op; stream->next(op);) {
    if (op.kind == OpKind::write && op.offset == 0) {
      EXPECT_EQ(op.not_before, sim::microseconds(500000 - 16200));
    }
  }
  const auto fast = make(small_run(DxtDialect::v347), {DxtTiming::as_fast_as_possible, {}});
  const auto quick = fast->stream(0);
  for (Op op; quick->next(op);) {
    EXPECT_FALSE(op.not_before);
  }
}

TEST(Dxt, RanksSitOnTheirHosts) {
  EXPECT_THAT(make(small_run(DxtDialect::v347))->plan().node_of_rank, ElementsAre(0, 0, 1));
}

TEST(Dxt, OtherMountsAreCountedAndMayBeLeftOut) {
  EXPECT_THAT(make(small_run(DxtDialect::v347))->plan().notes,
              Contains(HasSubstr("2 of 7 operations lie on mounts other than Lustre")));
  const auto lustre = make(small_run(DxtDialect::v347), {{}, DxtMounts::lustre_only});
  EXPECT_EQ(lustre->plan().files.size(), 1u);
  EXPECT_THAT(ops_of(*lustre, 2), ElementsAre("phase"));
  EXPECT_THAT(lustre->plan().notes, Contains(HasSubstr("2 of 7 operations")));
}

TEST(Dxt, MpiioRowsStandInOnlyForFilesWithoutPosixRows) {
  DxtSample sample(DxtDialect::v347);
  sample.record("/m/f", 0, 1, 0, "lustre", 5).row("write", 0, 0, 8, "0.1000", "0.1000");
  sample.record("/m/f", 0, 1, 0, "lustre", 5)
      .row("write", 0, 0, 8, "0.1000", "0.1000", "", "X_MPIIO");
  sample.record("/m/g", 0, 1, 0, "lustre", 6)
      .row("write", 0, 0, 16, "0.2000", "0.2000", "", "X_MPIIO");
  const auto workload = make(sample);
  EXPECT_EQ(workload->summary().total.bytes_written, 24u);
  EXPECT_THAT(workload->plan().notes, Contains(HasSubstr("1 X_MPIIO rows are left out")));
}

TEST(Dxt, UnnamedFilesStayApart) {
  DxtSample sample(DxtDialect::v347);
  sample.record("(null)", 0, 1, 0, "UNKNOWN", 5).row("write", 0, 0, 8, "0.1000", "0.1000");
  sample.record("(null)", 0, 1, 0, "UNKNOWN", 6).row("write", 0, 0, 8, "0.1000", "0.1000");
  const auto workload = make(sample);
  EXPECT_EQ(workload->plan().files[0].name, "unnamed.5");
  EXPECT_EQ(workload->plan().files[1].name, "unnamed.6");
}

TEST(Dxt, IdleRanksExist) {
  DxtSample sample(DxtDialect::v347);
  sample.record("/m/f", 0, 1, 0).row("write", 0, 0, 8, "0.1000", "0.1000");
  const auto workload = make(sample);
  EXPECT_EQ(workload->plan().ranks, 3u);
  EXPECT_THAT(ops_of(*workload, 2), ElementsAre("phase"));
}

}  // namespace
}  // namespace scenarios
