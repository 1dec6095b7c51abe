#include "scenarios/run/dice.h"

#include <gtest/gtest.h>

namespace scenarios {
namespace {

TEST(Dice, WhatATextTakesIsDrawnFromLeftToRight) {
  int next = 0;
  const auto draw = [&next] { return next++; };
  EXPECT_EQ((DrawnText{"{} {} {} {}", draw(), draw(), draw(), draw()}.text), "0 1 2 3");
}

TEST(Dice, GeneratorsOfOneSeedDrawApart) {
  Dice one(1, "one");
  Dice same(1, "one");
  Dice other(1, "other");
  const std::uint64_t drawn = one.below(~std::uint64_t{0});
  EXPECT_EQ(drawn, same.below(~std::uint64_t{0}));
  EXPECT_NE(drawn, other.below(~std::uint64_t{0}));
}

TEST(Dice, FromOneToItsBound) {
  Dice dice(1, "bounds");
  bool least = false;
  bool most = false;
  for (int i = 0; i < 200; ++i) {
    const std::uint64_t drawn = dice.from_1_to(3);
    ASSERT_GE(drawn, 1u);
    ASSERT_LE(drawn, 3u);
    least = least || drawn == 1;
    most = most || drawn == 3;
  }
  EXPECT_TRUE(least && most);
}

}  // namespace
}  // namespace scenarios
