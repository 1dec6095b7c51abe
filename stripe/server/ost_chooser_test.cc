#include "stripe/server/ost_chooser.h"

#include <gtest/gtest.h>

#include <set>

#include "stripe/layout/instantiate.h"
#include "stripe/layout/setstripe.h"

namespace stripe {
namespace {

using Osts = std::vector<std::uint32_t>;

class Choosing : public ::testing::Test {
 protected:
  sim::Result<Osts> choose(OstChooser& chooser, const std::string& setstripe) {
    const LayoutTemplate wanted = parse_setstripe(setstripe).value();
    StripeDefaults defaults;
    defaults.ost_count = chooser.ost_count();
    return chooser.choose(wanted, make_layout(wanted, defaults).value(), 0);
  }
  // How often each OST was chosen for `files` files.
  std::vector<int> tally(OstChooser& chooser, const std::string& setstripe, int files) {
    std::vector<int> counts(chooser.ost_count());
    for (int i = 0; i < files; ++i) {
      const Osts osts = choose(chooser, setstripe).value();
      for (const std::uint32_t ost : osts) {
        ++counts[ost];
      }
    }
    return counts;
  }
  static OstChooser make(std::uint32_t osts, OstChooser::Pools pools = {}) {
    return OstChooser(osts, std::move(pools), sim::Rng(5));
  }
};

TEST_F(Choosing, OstsTakeTurns) {
  OstChooser chooser = make(3);
  for (std::uint32_t i = 0; i < 7; ++i) {
    EXPECT_EQ(choose(chooser, "-c 1").value(), Osts{i % 3});
  }
  EXPECT_EQ(choose(chooser, "-c 2").value(), (Osts{1, 2}));
  EXPECT_EQ(choose(chooser, "-c 2").value(), (Osts{0, 1}));
}

TEST_F(Choosing, EveryStripeCountLoadsOstsEvenly) {
  for (int count = 1; count <= 6; ++count) {
    OstChooser chooser = make(6);
    const std::vector<int> counts = tally(chooser, "-c " + std::to_string(count), 60);
    for (const int n : counts) {
      EXPECT_EQ(n, 10 * count) << count;
    }
  }
}

TEST_F(Choosing, FilesOnAllOstsBeginOnDifferentOnes) {
  OstChooser chooser = make(4);
  std::set<std::uint32_t> first;
  for (int i = 0; i < 4; ++i) {
    first.insert(choose(chooser, "-c -1").value().front());
  }
  EXPECT_EQ(first.size(), 4u);
}

TEST_F(Choosing, AFirstOstIsObeyed) {
  OstChooser chooser = make(4);
  EXPECT_EQ(choose(chooser, "-c 3 -i 2").value(), (Osts{2, 3, 0}));
  EXPECT_EQ(choose(chooser, "-c 1 -i 4").code(), sim::Errc::invalid_argument);
}

TEST_F(Choosing, AListIsObeyed) {
  OstChooser chooser = make(4);
  EXPECT_EQ(choose(chooser, "-o 3,1").value(), (Osts{3, 1}));
  EXPECT_EQ(choose(chooser, "-o 3,1,0 -i 1").value(), (Osts{1, 0, 3}));
  EXPECT_EQ(choose(chooser, "-o 3,4").code(), sim::Errc::invalid_argument);
}

TEST_F(Choosing, APoolLimitsTheChoice) {
  OstChooser chooser = make(6, {{"fast", {1, 4, 5}}});
  EXPECT_EQ(tally(chooser, "-c 1 -p fast", 30), (std::vector<int>{0, 10, 0, 0, 10, 10}));
  EXPECT_EQ(choose(chooser, "-c 6 -p fast")->size(), 3u);
  EXPECT_EQ(choose(chooser, "-c 1 -p slow").code(), sim::Errc::invalid_argument);
  ComponentTemplate component;
  EXPECT_EQ(chooser.available(component), 6u);
  component.pool = "fast";
  EXPECT_EQ(chooser.available(component), 3u);
  component.pool = "slow";
  EXPECT_EQ(chooser.available(component), 0u);
}

TEST_F(Choosing, OverstripingGoesRoundAgain) {
  OstChooser chooser = make(2);
  EXPECT_EQ(choose(chooser, "-C 5").value(), (Osts{0, 1, 0, 1, 0}));
}

TEST_F(Choosing, SpaceWithin17PercentIsEven) {
  OstChooser chooser = make(2);
  chooser.set_space(0, {1000 * sim::kGiB, 0});
  chooser.set_space(1, {1000 * sim::kGiB, 169 * sim::kGiB});
  EXPECT_FALSE(chooser.weighted());
  chooser.set_space(1, {1000 * sim::kGiB, 171 * sim::kGiB});
  EXPECT_TRUE(chooser.weighted());
}

TEST_F(Choosing, SpaceCountsOnlyWhenAllOfItIsKnown) {
  OstChooser chooser = make(3);
  chooser.set_space(0, {sim::kGiB, 0});
  chooser.set_space(1, {sim::kTiB, 0});
  EXPECT_FALSE(chooser.weighted());
  chooser.set_space(2, {sim::kTiB, 0});
  EXPECT_TRUE(chooser.weighted());
}

TEST_F(Choosing, OnlyThePoolsOwnSpaceDecidesHowItIsChosenFrom) {
  OstChooser chooser = make(4, {{"even", {0, 1}}, {"uneven", {2, 3}}});
  for (const std::uint32_t ost : {0u, 1u, 2u}) {
    chooser.set_space(ost, {sim::kTiB, 0});
  }
  chooser.set_space(3, {sim::kTiB, sim::kTiB / 2});
  ASSERT_TRUE(chooser.weighted());
  EXPECT_EQ(tally(chooser, "-c 1 -p even", 100), (std::vector<int>{50, 50, 0, 0}));
  const std::vector<int> counts = tally(chooser, "-c 1 -p uneven", 3000);
  EXPECT_NEAR(counts[2], 2000, 110);  // 4.3 standard deviations
}

TEST_F(Choosing, UnevenSpaceFavoursTheEmptyInProportion) {
  OstChooser chooser = make(2);
  chooser.set_space(0, {4 * sim::kTiB, sim::kTiB});
  chooser.set_space(1, {4 * sim::kTiB, 3 * sim::kTiB});
  const std::vector<int> counts = tally(chooser, "-c 1", 4000);
  EXPECT_NEAR(counts[0], 3000, 120);  // 4.4 standard deviations
}

TEST_F(Choosing, ByFreeSpaceNoOstStandsTwiceInAFile) {
  OstChooser chooser = make(5);
  for (std::uint32_t i = 0; i < 5; ++i) {
    chooser.set_space(i, {sim::kTiB, i * 200 * sim::kGiB});
  }
  ASSERT_TRUE(chooser.weighted());
  for (int i = 0; i < 100; ++i) {
    const Osts osts = choose(chooser, "-c 4").value();
    EXPECT_EQ(std::set<std::uint32_t>(osts.begin(), osts.end()).size(), 4u);
  }
}

TEST_F(Choosing, FullAndFailedOstsArePassedOverAndStripesGetFewer) {
  OstChooser chooser = make(3);
  chooser.set_space(0, {sim::kTiB, sim::kTiB - sim::kTiB / 1000});
  chooser.set_space(1, {sim::kTiB, 0});
  chooser.set_space(2, {sim::kTiB, 0});
  EXPECT_EQ(tally(chooser, "-c 1", 10), (std::vector<int>{0, 5, 5}));
  EXPECT_EQ(choose(chooser, "-c -1")->size(), 2u);
  EXPECT_EQ(choose(chooser, "-c 3 -i 1").value(), (Osts{1, 2}));
  EXPECT_EQ(choose(chooser, "-c 1 -i 0").code(), sim::Errc::no_space);
  chooser.set_failed(1);
  EXPECT_EQ(choose(chooser, "-c -1").value(), Osts{2});
  chooser.set_space(1, {sim::kTiB, 0});
  EXPECT_EQ(choose(chooser, "-c -1")->size(), 2u);
}

TEST_F(Choosing, WithoutAnyUsableOstThereIsNoSpace) {
  OstChooser chooser = make(1);
  chooser.set_space(0, {sim::kTiB, sim::kTiB});
  EXPECT_EQ(choose(chooser, "-c 1").code(), sim::Errc::no_space);
}

}  // namespace
}  // namespace stripe
