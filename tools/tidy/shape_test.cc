#include "tools/tidy/shape.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tools/tidy/findings_for_test.h"

namespace tools {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string repeated(std::string_view line, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) {
    text += line;
  }
  return text;
}

std::vector<std::string> found(const std::string& path, const std::string& text) {
  return places(check_shape(tree_of({{path, text}})));
}

TEST(Shape, FilesEndAtThreeHundredLines) {
  EXPECT_THAT(found("sim/a.cc", repeated("\n", 300)), IsEmpty());
  EXPECT_THAT(found("sim/a.cc", repeated("\n", 301)), ElementsAre("sim/a.cc:0"));
  EXPECT_THAT(found("sim/BUILD", repeated("\n", 301)), IsEmpty());
  EXPECT_THAT(found("tools/a.sh", repeated("\n", 301)), ElementsAre("tools/a.sh:0"));
  EXPECT_THAT(found("docs/a.md", repeated("\n", 301)), IsEmpty());
}

TEST(Shape, LinesEndAtAHundredColumns) {
  EXPECT_THAT(found("sim/a.cc", std::string(100, 'x')), IsEmpty());
  EXPECT_THAT(found("sim/a.cc", "\n" + std::string(101, 'x')), ElementsAre("sim/a.cc:2"));
}

TEST(Shape, ColumnsAreCharactersNotBytes) {
  EXPECT_THAT(found("sim/a.cc", "//" + repeated("\xc3\xa9", 98)), IsEmpty());
  EXPECT_THAT(found("sim/a.cc", "//" + repeated("\xc3\xa9", 99)), ElementsAre("sim/a.cc:1"));
}

TEST(Shape, FunctionsEndAtSixtyLines) {
  const std::string head = "int f(int a,\n      int b) {\n";
  EXPECT_THAT(found("sim/a.cc", head + repeated("  g();\n", 57) + "}\n"), IsEmpty());
  EXPECT_THAT(found("sim/a.cc", "\n" + head + repeated("  g();\n", 58) + "}\n"),
              ElementsAre("sim/a.cc:2"));
}

TEST(Shape, ClassesTablesAndNamespacesMayBeLonger) {
  EXPECT_THAT(found("sim/a.cc", "class A {\n" + repeated("  int a();\n", 90) + "};\n"), IsEmpty());
  EXPECT_THAT(found("sim/a.cc", "int t[] = {\n" + repeated("  f(1),\n", 90) + "};\n"), IsEmpty());
  EXPECT_THAT(found("sim/a.cc", "namespace a {\n" + repeated("\n", 90) + "}  // namespace a (b)\n"),
              IsEmpty());
}

TEST(Shape, HeadersAreReadOnceAndOpenNoNamespace) {
  EXPECT_THAT(found("sim/a.h", "#pragma once\n"), IsEmpty());
  EXPECT_THAT(found("sim/a.h", "// #pragma once\n"), ElementsAre("sim/a.h:0"));
  EXPECT_THAT(found("sim/a.h", "#pragma once\nusing namespace std;\n"), ElementsAre("sim/a.h:2"));
}

TEST(Shape, CommentedOutStatementsAreFound) {
  EXPECT_THAT(found("sim/a.cc", "// store.write(extent, data);"), ElementsAre("sim/a.cc:1"));
  EXPECT_THAT(found("sim/a.cc", "  // if (a) {"), ElementsAre("sim/a.cc:1"));
  EXPECT_THAT(found("sim/a.cc", "// return a;"), ElementsAre("sim/a.cc:1"));
  EXPECT_THAT(found("sim/a.cc", "// #include <a>"), ElementsAre("sim/a.cc:1"));
}

TEST(Shape, SentencesAreNotCode) {
  EXPECT_THAT(found("sim/a.cc", "// The server returns (at once); then it waits."), IsEmpty());
  EXPECT_THAT(found("sim/a.cc", "// if (rarely) the reply is late,"), IsEmpty());
  EXPECT_THAT(found("sim/a.cc", "// as agreed above (see the header);"), IsEmpty());
}

TEST(Shape, MarksOfUnfinishedWorkAreFoundInAnyFile) {
  EXPECT_THAT(found("sim/a.cc", "// TODO: later"), ElementsAre("sim/a.cc:1"));
  EXPECT_THAT(found("docs/a.md", "FIXME"), ElementsAre("docs/a.md:1"));
  EXPECT_THAT(found("scenarios/a.json", "\"not implemented\""), ElementsAre("scenarios/a.json:1"));
}

}  // namespace
}  // namespace tools
