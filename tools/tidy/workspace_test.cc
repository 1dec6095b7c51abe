// The checks of this folder on the workspace they belong to.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "tools/tidy/tidy.h"

namespace tools {
namespace {

// The runfile is a link to the checked-out WORKSPACE: beside it stands the whole tree, which no
// list of inputs could give, because a file that is missing from every list is one of the faults.
std::filesystem::path workspace_root() {
  const std::filesystem::path runfiles = std::getenv("TEST_SRCDIR");
  return std::filesystem::canonical(runfiles / std::getenv("TEST_WORKSPACE") / "WORKSPACE")
      .parent_path();
}

TEST(Workspace, KeepsItsOwnRules) {
  const std::filesystem::path root = workspace_root();
  ASSERT_TRUE(std::filesystem::exists(root / "tools/tidy/tidy.h")) << root;
  std::string report;
  for (const Finding& finding : check_tree(root)) {
    report += finding.path + ":" + std::to_string(finding.line) + ": " + finding.message + "\n";
  }
  EXPECT_TRUE(report.empty()) << "\n" << report;
}

}  // namespace
}  // namespace tools
