#include "cachemodel/ldlm/granted_extents.h"

#include <gtest/gtest.h>

#include <array>

namespace cachemodel {
namespace {

using enum LockMode;

// A PW lock on [0, 10), PR locks on [20, 30) and [25, 40).
struct Held {
  std::array<ExtentNode, 3> nodes;
  GrantedExtents extents;
  Held() {
    extents.insert(pw, nodes[0], {0, 10}, 1);
    extents.insert(pr, nodes[1], {20, 30}, 2);
    extents.insert(pr, nodes[2], {25, 40}, 3);
  }
};

TEST(GrantedExtents, AnswersForTheModesAskedAboutOnly) {
  const Held held;
  EXPECT_TRUE(held.extents.overlaps({pw, ex}, {9, 20}));
  EXPECT_FALSE(held.extents.overlaps({pr}, {9, 20}));
  EXPECT_FALSE(held.extents.overlaps({ex}, {0, sim::kEof}));
  EXPECT_EQ(held.extents.count({pw, pr, ex}), 3u);
  EXPECT_EQ(held.extents.count({pr}), 2u);
  EXPECT_EQ(held.extents.count({}), 0u);
}

TEST(GrantedExtents, TheFirstBeginningIsTheLeastOfAllModes) {
  const Held held;
  EXPECT_EQ(held.extents.first_begin_from({pw, pr}, 0), 0u);
  EXPECT_EQ(held.extents.first_begin_from({pw, pr}, 1), 20u);
  EXPECT_EQ(held.extents.first_begin_from({pw, pr}, 21), 25u);
  EXPECT_EQ(held.extents.first_begin_from({pw, pr}, 26), sim::kEof);
  EXPECT_EQ(held.extents.first_begin_from({pw}, 1), sim::kEof);
}

TEST(GrantedExtents, AModeIsPresentUntilItsLastLockGoes) {
  Held held;
  held.extents.erase(pr, held.nodes[1]);
  EXPECT_EQ(held.extents.present(), (ModeSet{pw, pr}));
  held.extents.erase(pr, held.nodes[2]);
  EXPECT_EQ(held.extents.present(), ModeSet{pw});
}

}  // namespace
}  // namespace cachemodel
