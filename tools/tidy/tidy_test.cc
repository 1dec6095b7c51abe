#include "tools/tidy/tidy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tools/tidy/findings_for_test.h"

namespace tools {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A tree on disk that is gone with the test.
class TidyTree : public ::testing::Test {
 protected:
  TidyTree() { fs::create_directories(root_); }
  ~TidyTree() override { fs::remove_all(root_); }

  void write(const std::string& path, std::string_view text) {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path, std::ios::binary) << text;
  }

  const fs::path root_ = fs::path(::testing::TempDir()) / "tidy_tree";
};

TEST_F(TidyTree, CleanTreeHasNoFindings) {
  write("sim/BUILD", "srcs = [\"a.cc\"]\nhdrs = [\"a.h\"]\n");
  write("sim/a.h", "#pragma once\n");
  write("sim/a.cc", "#include \"sim/a.h\"\n");
  EXPECT_THAT(check_tree(root_), IsEmpty());
}

TEST_F(TidyTree, EachKindOfFaultIsFoundOnceInOrderOfPath) {
  write("sim/BUILD", "srcs = [\"ban.cc\", \"layer.cc\", \"order.cc\"]\nhdrs = [\"shape.h\"]\n");
  write("sim/ban.cc", "\nstd::thread t;\n");
  write("sim/layer.cc", "#include \"bench/main.h\"\n");
  write("sim/order.cc", "std::set<A*> s;\n");
  write("sim/orphan.cc", "");
  write("sim/shape.h", "");
  EXPECT_THAT(places(check_tree(root_)),
              ElementsAre("sim/ban.cc:2", "sim/layer.cc:1", "sim/order.cc:1", "sim/orphan.cc:0",
                          "sim/shape.h:0"));
}

TEST_F(TidyTree, LinksHiddenFoldersAndOtherRepositoriesAreNotEntered) {
  constexpr std::string_view kBad = "std::thread t;\n";
  write(".cache/a.cc", kBad);
  write("third_party/other/WORKSPACE", "");
  write("third_party/other/a.cc", kBad);
  write("notes.txt", "FIXME");
  fs::create_directory_symlink(root_ / ".cache", root_ / "bazel-out");
  EXPECT_THAT(check_tree(root_), IsEmpty());
}

TEST_F(TidyTree, ScriptsOfTheHiddenFolderForContinuousIntegrationAreRead) {
  write(".ci/run", std::string(101, 'x'));
  EXPECT_THAT(places(check_tree(root_)), ElementsAre(".ci/run:1"));
}

}  // namespace
}  // namespace tools
