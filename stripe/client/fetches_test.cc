#include "stripe/client/fetches.h"

#include <gtest/gtest.h>

namespace stripe {
namespace {

class FetchesTest : public testing::Test {
 public:
  std::vector<std::uint64_t> waited_for(sim::Extent range) {
    std::vector<Fetches::Ref> found;
    fetches.wait_for(range, found);
    std::vector<std::uint64_t> begins;
    for (const Fetches::Ref fetch : found) {
      begins.push_back(fetch->extent.begin);
      fetches.stop_waiting(fetch);
    }
    return begins;
  }
  sim::Loop loop{1};
  Fetches fetches;
  const Fetches::Ref second = fetches.begin(loop, {200, 300});
  const Fetches::Ref first = fetches.begin(loop, {100, 200});
};

TEST_F(FetchesTest, ThoseThatOverlapAreWaitedForInTheOrderOfTheirBeginning) {
  EXPECT_EQ(waited_for({199, 201}), (std::vector<std::uint64_t>{200, 100}));
  EXPECT_EQ(waited_for({0, 100}), (std::vector<std::uint64_t>{}));
  EXPECT_EQ(waited_for({0, 101}), (std::vector<std::uint64_t>{100}));
  EXPECT_EQ(waited_for({299, 300}), (std::vector<std::uint64_t>{200}));
  EXPECT_EQ(waited_for({300, 400}), (std::vector<std::uint64_t>{}));
}

TEST_F(FetchesTest, TheFirstBehindAnOffsetMayContainIt) {
  EXPECT_EQ(fetches.first_behind(0), (sim::Extent{100, 200}));
  EXPECT_EQ(fetches.first_behind(199), (sim::Extent{100, 200}));
  EXPECT_EQ(fetches.first_behind(200), (sim::Extent{200, 300}));
  EXPECT_EQ(fetches.first_behind(300), (sim::Extent{sim::kEof, sim::kEof}));
}

TEST_F(FetchesTest, OneThatHasEndedStaysUntilNobodyWaitsForIt) {
  fetches.end(second);
  std::vector<Fetches::Ref> awaited;
  fetches.wait_for({100, 101}, awaited);
  fetches.end(first);
  EXPECT_FALSE(fetches.empty());
  EXPECT_EQ(waited_for({0, 400}), (std::vector<std::uint64_t>{}));
  EXPECT_TRUE(first->done.is_set());
  fetches.stop_waiting(first);
  EXPECT_TRUE(fetches.empty());
}

}  // namespace
}  // namespace stripe
