#include "scenarios/run/check_layout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scenarios {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

ClusterSpec cluster_of(std::uint32_t osts) {
  ClusterSpec cluster;
  cluster.osts = osts;
  return cluster;
}

std::string refusal(const std::string& options, std::uint32_t osts) {
  const sim::Status status = check_layout(options, cluster_of(osts));
  return status.ok() ? "accepted" : status.error().message;
}

TEST(CheckLayout, OstsThatAreNotThereAreRefused) {
  EXPECT_EQ(refusal("-c 1 -i 1", 2), "accepted");
  EXPECT_THAT(refusal("-c 1 -i 2", 2), HasSubstr("there is no OST 2"));
  EXPECT_EQ(refusal("-o 0,1", 2), "accepted");
  EXPECT_THAT(refusal("-o 0,2", 2), HasSubstr("there is no OST 2"));
  EXPECT_THAT(refusal("-E 1M -c 1 -E -1 -c 1 -i 7", 2),
              HasSubstr("component 2: there is no OST 7"));
}

TEST(CheckLayout, PoolsThatAreNotThereAreRefused) {
  EXPECT_THAT(refusal("-p fast", 2), HasSubstr("pool \"fast\""));
  EXPECT_THAT(refusal("-E 1M -E -1 -p fast", 2), HasSubstr("component 2: "));
  EXPECT_EQ(refusal("-p none", 2), "accepted");
}

TEST(CheckLayout, OptionsThatDoNotParseAreRefused) {
  EXPECT_NE(refusal("-c x", 2), "accepted");
  EXPECT_EQ(refusal("", 2), "accepted");
}

TEST(CheckLayout, MoreStripesThanOstsAreCutAndSaid) {
  EXPECT_EQ(refusal("-c 5", 2), "accepted");
  EXPECT_THAT(layout_notes("-c 5", cluster_of(2)),
              ElementsAre(HasSubstr("layout \"-c 5\": 5 stripes are asked for, files get 2")));
  EXPECT_THAT(layout_notes("-c 2", cluster_of(2)), IsEmpty());
  EXPECT_THAT(layout_notes("-c -1", cluster_of(2)), IsEmpty());
  EXPECT_THAT(layout_notes("-C 5", cluster_of(2)), IsEmpty());
  EXPECT_THAT(layout_notes("-E 1M -c 3 -E -1 -c 4", cluster_of(2)).size(), 2u);
}

}  // namespace
}  // namespace scenarios
