#include "tools/tidy/order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tools/tidy/findings_for_test.h"

namespace tools {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::string_view kHeader =
    "class A {\n  std::unordered_map<int, std::set<int>> by_id_;\n};";

TEST(Order, LoopOverAnUnorderedMemberIsFound) {
  EXPECT_THAT(places(check_order(tree_of({{"sim/a.h", kHeader},
                                          {"sim/a.cc",
                                           "void f() {\n"
                                           "  for (const auto& [k, v] : by_id_) {\n"
                                           "  for (auto& e : other.by_id_) {\n"}}))),
              ElementsAre("sim/a.cc:2", "sim/a.cc:3"));
}

TEST(Order, BoostsUnorderedContainersCountToo) {
  EXPECT_THAT(places(check_order(tree_of({{"sim/a.cc",
                                           "boost::unordered_flat_map<K, V> table{};\n"
                                           "for (auto& e : table) {\n"}}))),
              ElementsAre("sim/a.cc:2"));
}

TEST(Order, LookingUpIsFreeAndSoIsAnOrderedContainer) {
  EXPECT_THAT(check_order(tree_of({{"sim/a.h", kHeader},
                                   {"sim/a.cc",
                                    "auto it = by_id_.find(3);\n"
                                    "for (int id : sorted_ids(by_name_)) {\n"
                                    "for (int i = by_id_; i < 3; ++i) {\n"}})),
              IsEmpty());
}

TEST(Order, FunctionWithUnorderedInItsNameDeclaresNothing) {
  EXPECT_THAT(check_order(tree_of({{"sim/a.cc",
                                    "int unordered_names(std::vector<int> all) {\n"
                                    "for (int e : all) {\n"}})),
              IsEmpty());
}

TEST(Order, NameOfAnotherFileIsAnotherName) {
  EXPECT_THAT(
      check_order(tree_of({{"sim/a.h", kHeader}, {"sim/b.cc", "for (auto& e : by_id_) {"}})),
      IsEmpty());
}

TEST(Order, LoopThatSaysAnyOrderWillDoIsFree) {
  EXPECT_THAT(check_order(tree_of({{"sim/a.h", kHeader},
                                   {"sim/a.cc",
                                    "// Any order: a sum.\n"
                                    "for (auto& e : by_id_) {\n"}})),
              IsEmpty());
}

TEST(Order, PointerAsKeyOfAnOrderedContainerIsFound) {
  EXPECT_THAT(places(check_order(tree_of({{"sim/a.cc",
                                           "std::map<const Node*, int> a;\n"
                                           "std::set<Node*> b;\n"
                                           "std::map<int, Node*> c;\n"}}))),
              ElementsAre("sim/a.cc:1", "sim/a.cc:2"));
}

TEST(Order, TestsAreFree) {
  EXPECT_THAT(check_order(tree_of({{"sim/a_test.cc", "std::set<Node*> b;"}})), IsEmpty());
}

}  // namespace
}  // namespace tools
