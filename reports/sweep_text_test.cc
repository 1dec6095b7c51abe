#include "reports/sweep_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "reports/sweep_sample.h"
#include "reports/text.h"

namespace reports {
namespace {

using testing::ContainsRegex;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string written(const SweepResult& sweep, bool full = false) {
  std::ostringstream out;
  EXPECT_TRUE(write_sweep_text(sweep, full, out).ok());
  return out.str();
}

std::string text_of(const Result& result) {
  std::ostringstream out;
  EXPECT_TRUE(write_text(result, out).ok());
  return out.str();
}

TEST(SweepText, VariantsAreRowsInAlignedColumns) {
  EXPECT_THAT(written(sample_sweep()),
              HasSubstr("clients[0].design  layout        read  RPCs  read limited by\n"
                        "lustre             -c 1    11.1 GiB/s  1272  oss0.nic.out\n"
                        "lustre             -c 8    22.2 GiB/s  1272  oss0.nic.out\n"));
}

TEST(SweepText, HeadSaysWhatAllHaveInCommonAndNothingElse) {
  SweepResult sweep = sample_sweep();
  EXPECT_THAT(written(sweep), StartsWith("sample: 2 variants, sim world, hardware nvme_2023, seed "
                                         "1, stripelab 0.1.0\n"));
  sweep.variants[1].result.context.seed = 2;
  EXPECT_THAT(written(sweep),
              StartsWith("sample: 2 variants, sim world, hardware nvme_2023, stripelab"));
}

TEST(SweepText, EachThresholdTellsItsValueAndVerdict) {
  const std::string text = written(sample_sweep());
  EXPECT_THAT(text, HasSubstr("  ok    read.bandwidth[-c 8] / read.bandwidth[-c 1] >= 2: 2\n"));
  EXPECT_THAT(text, HasSubstr("  FAIL  read.bandwidth >= 20GiB/s: 11.1 GiB/s in lustre, -c 1; 1 of "
                              "2 fail\n"));
  EXPECT_THAT(text,
              HasSubstr("  FAIL  read.latency.open.p99 <= 1ms: not measured in lustre, -c 1"));
}

TEST(SweepText, RemarkOfAllVariantsIsToldOnce) {
  SweepResult sweep = sample_sweep();
  EXPECT_THAT(written(sweep), HasSubstr("\nnote: the page cache held all data"));
  sweep.variants[1].result.notes = {"another"};
  EXPECT_THAT(written(sweep), HasSubstr("note in lustre, -c 1: the page cache held"));
  EXPECT_THAT(written(sweep), HasSubstr("note in lustre, -c 8: another\n"));
}

TEST(SweepText, FullAddsEachVariantsWholeText) {
  const SweepResult sweep = sample_sweep();
  const std::string whole = text_of(sweep.variants[1].result);
  EXPECT_THAT(written(sweep), Not(HasSubstr(whole)));
  EXPECT_THAT(written(sweep, true), EndsWith("\n== lustre, -c 8\n" + whole));
  EXPECT_THAT(written(sweep, true), StartsWith(written(sweep)));
}

TEST(SweepText, SingleRunIsPrintedAsEver) {
  SweepResult single = sample_single();
  const std::string whole = text_of(single.variants[0].result);
  EXPECT_EQ(written(single),
            whole + "\nthresholds\n  ok    read.bandwidth >= 1GiB/s: 11.1 GiB/s\n");
  single.thresholds.clear();
  EXPECT_EQ(written(single), whole);
  EXPECT_EQ(written(single, true), whole);
}

TEST(SweepText, ClosedStreamIsAnIoError) {
  std::ostringstream out;
  out.setstate(std::ios::badbit);
  EXPECT_EQ(write_sweep_text(sample_sweep(), false, out).code(), sim::Errc::io_error);
}

}  // namespace
}  // namespace reports
