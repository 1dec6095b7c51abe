#include "reports/markdown.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "reports/sweep_sample.h"

namespace reports {
namespace {

std::string written(const SweepResult& sweep) {
  std::ostringstream out;
  EXPECT_TRUE(write_markdown(sweep, out).ok());
  return out.str();
}

TEST(Markdown, IsTheTableAlone) {
  EXPECT_EQ(written(sample_sweep()),
            "| clients\\[0\\].design | layout | read | RPCs | read limited by |\n"
            "| --- | --- | ---: | ---: | --- |\n"
            "| lustre | -c 1 | 11.1 GiB/s | 1272 | oss0.nic.out |\n"
            "| lustre | -c 8 | 22.2 GiB/s | 1272 | oss0.nic.out |\n");
}

TEST(Markdown, LabelStaysInItsCell) {
  SweepResult sweep = sample_sweep();
  sweep.variants[0].labels[1].text = "a|b*c<d";
  EXPECT_THAT(written(sweep), testing::HasSubstr("| a\\|b\\*c\\<d |"));
}

TEST(Markdown, HostAndWallTimeAreNoPartOfIt) {
  SweepResult elsewhere = sample_sweep();
  elsewhere.variants[0].result.host = {"elsewhere", 64, "2027-01-01T00:00:00Z", sim::seconds(9)};
  EXPECT_EQ(written(elsewhere), written(sample_sweep()));
}

TEST(Markdown, SingleRunIsOneRow) {
  EXPECT_EQ(written(sample_single()),
            "| read | RPCs | read limited by |\n| ---: | ---: | --- |\n"
            "| 11.1 GiB/s | 1272 | oss0.nic.out |\n");
}

}  // namespace
}  // namespace reports
