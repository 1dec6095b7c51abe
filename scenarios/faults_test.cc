#include "scenarios/faults.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scenarios {
namespace {

TEST(Faults, EachIsALineInOrderOfDiscovery) {
  Faults faults;
  EXPECT_TRUE(faults.none());
  faults.add("f", "b.c", "one");
  faults.add("g", "", "two");
  EXPECT_FALSE(faults.none());
  EXPECT_EQ(faults.error().message, "f: b.c: one\ng: two");
}

TEST(Faults, TouchMeansTheSamePlaceAboveOrBelow) {
  Faults faults;
  faults.add("f", "clients[0].count", "wrong");
  EXPECT_TRUE(faults.touch({"clients[0].count"}));
  EXPECT_TRUE(faults.touch({"seed", "clients"}));
  EXPECT_TRUE(faults.touch({"clients[0].count.x"}));
  EXPECT_FALSE(faults.touch({"clients[0].counts", "clients[1]", "client"}));
}

TEST(Faults, BeyondTheKeptOnesAreCounted) {
  Faults faults;
  for (std::size_t i = 0; i < Faults::kKept + 3; ++i) {
    faults.add("f", "p", "m");
  }
  EXPECT_THAT(faults.error().message, testing::EndsWith("and 3 more"));
}

}  // namespace
}  // namespace scenarios
