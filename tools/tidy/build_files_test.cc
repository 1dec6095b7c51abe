#include "tools/tidy/build_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tools/tidy/findings_for_test.h"

namespace tools {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> orphans(std::string_view build, const std::string& path) {
  return places(check_build_files(tree_of({{"sim/BUILD", build}, {path, ""}})));
}

TEST(BuildFiles, NamedFileIsFine) {
  EXPECT_THAT(orphans("srcs = [\"a.cc\"],", "sim/a.cc"), IsEmpty());
  EXPECT_THAT(orphans("srcs = [\"deep/a.cc\"],", "sim/deep/a.cc"), IsEmpty());
}

TEST(BuildFiles, UnnamedFileIsAnOrphan) {
  EXPECT_THAT(orphans("srcs = [\"aa.cc\"],", "sim/a.cc"), ElementsAre("sim/a.cc:0"));
  EXPECT_THAT(orphans("# srcs = [\"a.cc\"],", "sim/a.cc"), ElementsAre("sim/a.cc:0"));
  EXPECT_THAT(orphans("srcs = [\"a.cc\"],", "sim/a.h"), ElementsAre("sim/a.h:0"));
  EXPECT_THAT(orphans("srcs = [\"a.cc\"],", "other/a.cc"), ElementsAre("other/a.cc:0"));
}

TEST(BuildFiles, PatternNamesWhatFitsIt) {
  EXPECT_THAT(orphans("glob([\"*_fuzz.cc\"])", "sim/a_fuzz.cc"), IsEmpty());
  EXPECT_THAT(orphans("glob([\"*_fuzz.cc\"])", "sim/a.cc"), ElementsAre("sim/a.cc:0"));
  EXPECT_THAT(orphans("glob([\"deep/**/*.cc\"])", "sim/deep/a.cc"), IsEmpty());
}

TEST(BuildFiles, StemCountsOnlyWhereTargetsComeFromLists) {
  EXPECT_THAT(orphans("name = \"a\"", "sim/a.cc"), ElementsAre("sim/a.cc:0"));
  EXPECT_THAT(orphans("[cc_test(name = n) for n in [\"a\"]]", "sim/a.cc"), IsEmpty());
}

TEST(BuildFiles, NearestBuildFileCounts) {
  EXPECT_THAT(
      places(check_build_files(tree_of(
          {{"sim/BUILD", "\"deep/a.cc\""}, {"sim/deep/BUILD", ""}, {"sim/deep/a.cc", ""}}))),
      ElementsAre("sim/deep/a.cc:0"));
}

}  // namespace
}  // namespace tools
