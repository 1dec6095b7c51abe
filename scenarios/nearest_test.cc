#include "scenarios/nearest.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace scenarios {
namespace {

const std::vector<std::string_view> kKnown = {"osts", "oss", "mdts", "hardware"};

TEST(EditDistance, CountsEachKindOfMistakeOnce) {
  EXPECT_EQ(edit_distance("osts", "osts"), 0u);
  EXPECT_EQ(edit_distance("osts", "ostss"), 1u);
  EXPECT_EQ(edit_distance("osts", "ots"), 1u);
  EXPECT_EQ(edit_distance("osts", "osls"), 1u);
  EXPECT_EQ(edit_distance("osts", "osst"), 1u);
  EXPECT_EQ(edit_distance("", "abc"), 3u);
}

TEST(EditDistance, IsSymmetric) {
  const std::vector<std::string> words = {"", "a", "ab", "ba", "abc", "cab", "osts", "stso"};
  for (const auto& a : words) {
    for (const auto& b : words) {
      EXPECT_EQ(edit_distance(a, b), edit_distance(b, a)) << a << " " << b;
    }
  }
}

TEST(Nearest, FindsTheWordMeant) {
  EXPECT_EQ(nearest("ost", kKnown), "osts");
  EXPECT_EQ(nearest("hadware", kKnown), "hardware");
  EXPECT_EQ(nearest("mtds", kKnown), "mdts");
}

TEST(Nearest, TwoMistakesAreForgivenThreeAreNot) {
  EXPECT_EQ(nearest("hardxxre", kKnown), "hardware");
  EXPECT_EQ(nearest("mxxxs", kKnown), "");
}

TEST(Nearest, NothingInCommonIsNotNear) { EXPECT_EQ(nearest("xy", kKnown), ""); }

TEST(Nearest, VeryLongWordIsNotCompared) { EXPECT_EQ(nearest(std::string(65, 'o'), kKnown), ""); }

TEST(Suggest, NamesTheNearestOrAll) {
  EXPECT_EQ(suggest("ost", kKnown), "did you mean \"osts\"?");
  EXPECT_EQ(suggest("zzzzzz", kKnown), "known are: osts, oss, mdts, hardware");
}

}  // namespace
}  // namespace scenarios
