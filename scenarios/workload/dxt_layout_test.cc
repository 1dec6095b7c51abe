#include "scenarios/workload/dxt_layout.h"

#include <gtest/gtest.h>

namespace scenarios {
namespace {

TEST(DxtLayout, ComponentLineIsRead) {
  const auto component = parse_dxt_component(
      "2] stripe_ext: 4194304 - EOF, stripe_size: 1048576, stripe_count: 2, OSTs: 5 3");
  ASSERT_TRUE(component.ok()) << component.error().message;
  EXPECT_EQ(*component, (DxtComponent{{4194304, sim::kEof}, 1048576, {5, 3}}));
}

TEST(DxtLayout, CountMustMatchTheOsts) {
  EXPECT_FALSE(
      parse_dxt_component("1] stripe_ext: 0 - EOF, stripe_size: 4096, stripe_count: 2, OSTs: 5")
          .ok());
  EXPECT_FALSE(
      parse_dxt_component("1] stripe_ext: 8 - 8, stripe_size: 4096, stripe_count: 1, OSTs: 5")
          .ok());
  EXPECT_FALSE(parse_dxt_component("1] stripe_ext: 0 - EOF, stripe_size: 4096").ok());
}

TEST(DxtLayout, OstListsAreBounded) {
  std::string most;
  for (int i = 0; i < 2000; ++i) {
    most += " 1";
  }
  EXPECT_TRUE(parse_dxt_osts(most).ok());
  EXPECT_FALSE(parse_dxt_osts(most + " 1").ok());
  EXPECT_TRUE(parse_dxt_osts("65535").ok());
  EXPECT_FALSE(parse_dxt_osts("65536").ok());
}

TEST(DxtLayout, SetstripeOptionsSayTheLayout) {
  const DxtComponent plain{{0, sim::kEof}, 1048576, {7, 9}};
  EXPECT_EQ(dxt_setstripe({}), "");
  EXPECT_EQ(dxt_setstripe(std::vector{plain}), "-c 2 -S 1048576");
  const DxtComponent mdt{{0, 65536}, 65536, {}};
  const DxtComponent rest{{65536, sim::kEof}, 4194304, {1}};
  EXPECT_EQ(dxt_setstripe(std::vector{mdt, rest}), "-E 65536 -L mdt -E -1 -c 1 -S 4194304");
  EXPECT_EQ(dxt_osts(std::vector{plain, rest}), (std::vector<std::uint32_t>{7, 9, 1}));
}

}  // namespace
}  // namespace scenarios
