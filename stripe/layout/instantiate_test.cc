#include "stripe/layout/instantiate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "stripe/layout/setstripe.h"

namespace stripe {
namespace {

using sim::kEof;
using sim::kKiB;
using sim::kMiB;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr StripeDefaults kEightOsts{1, 4 * kMiB, 8};

LayoutTemplate wanted(std::string_view text) { return *parse_setstripe(text); }

Layout made(std::string_view text, const StripeDefaults& defaults = kEightOsts) {
  auto layout = make_layout(wanted(text), defaults);
  EXPECT_TRUE(layout.ok()) << layout.error().message;
  return *layout;
}

std::vector<StripeObject> objects(std::uint32_t count) {
  std::vector<StripeObject> all;
  for (std::uint32_t i = 0; i < count; ++i) {
    all.push_back({{0, i + 1}, 0, i});
  }
  return all;
}

TEST(Instantiate, DefaultsAreOneStripeOf4MiB) {
  const Component c = made("").components.at(0);
  EXPECT_EQ(c.stripe_count, 1u);
  EXPECT_EQ(c.stripe_size, 4 * kMiB);
  EXPECT_FALSE(c.instantiated());
}

TEST(Instantiate, AllOstsIsTheirNumber) {
  EXPECT_EQ(made("-c -1").components[0].stripe_count, 8u);
  EXPECT_EQ(made("-C -2").components[0].stripe_count, 16u);
  EXPECT_EQ(made("-C -32", {1, kMiB, 100}).components[0].stripe_count, 2000u);
}

TEST(Instantiate, CountStopsAtTheOstsUnlessOverstriped) {
  EXPECT_EQ(made("-c 9").components[0].stripe_count, 8u);
  EXPECT_EQ(made("-C 9").components[0].stripe_count, 9u);
}

TEST(Instantiate, DefaultSizeIsCutToAPowerOfTwoThatDividesTheEnd) {
  EXPECT_EQ(made("-E 1M -E -1").components[0].stripe_size, kMiB);
  EXPECT_EQ(made("-E 3M -E -1").components[0].stripe_size, kMiB);
  EXPECT_EQ(made("-E 12M -E -1").components[0].stripe_size, 4 * kMiB);
  EXPECT_EQ(made("-E 1M -E -1").components[1].stripe_size, 4 * kMiB);
  EXPECT_EQ(made("-E 1M -E -1", {1, 3 * kMiB, 8}).components[0].stripe_size, kMiB);
}

TEST(Instantiate, DataOnTheMdtNeedsNoObjects) {
  const Layout layout = made("-E 64k -L mdt -E -1");
  EXPECT_TRUE(layout.components[0].on_mdt());
  EXPECT_TRUE(layout.components[0].instantiated());
  EXPECT_EQ(layout.components[0].stripe_size, 64 * kKiB);
  EXPECT_FALSE(layout.components[1].instantiated());
}

TEST(Instantiate, MirrorsAreNumberedFrom1AndComponentsOverAll) {
  const Layout layout = made("-N2 -E 1M -E -1 -N -c 2");
  ASSERT_EQ(layout.components.size(), 5u);
  EXPECT_EQ(layout.mirror_count(), 3u);
  EXPECT_EQ(layout.components[0].id, 0x10001u);
  EXPECT_EQ(layout.components[2].id, 0x20003u);
  EXPECT_EQ(layout.components[4].id, 0x30005u);
  EXPECT_EQ(layout.flr_state(), FlrState::read_only);
  EXPECT_EQ(wanted("-N2 -E 1M -E -1 -N -c 2").component(4).stripe_count, 2);
  EXPECT_EQ(wanted("-N2 -E 1M -E -1 -N -c 2").component(2).end, kMiB);
}

TEST(Instantiate, PoolTakesTheV3Header) {
  EXPECT_EQ(made("-p flash").components[0].version, LovVersion::v3);
  EXPECT_EQ(made("-p none").components[0].version, LovVersion::v1);
}

TEST(Instantiate, ObjectsMakeTheComponentUsable) {
  Layout layout = made("-E 1M -c 1 -E -1 -c 4");
  const std::uint32_t before = layout.generation();
  EXPECT_TRUE(instantiate(layout, 1, objects(4)));
  EXPECT_TRUE(layout.components[1].holds_data());
  EXPECT_EQ(layout.generation(), before + 1);
  EXPECT_EQ(layout.components[1].layout_gen, layout.generation());
  EXPECT_FALSE(instantiate(layout, 1, objects(4)));
}

TEST(Instantiate, WrongObjectsChangeNothing) {
  Layout layout = made("-c 4");
  const Layout before = layout;
  EXPECT_THAT(instantiate(layout, 0, objects(3)).error().message, HasSubstr("with 3 objects"));
  std::vector<StripeObject> twice = objects(4);
  twice[3].ost_index = 0;
  EXPECT_THAT(instantiate(layout, 0, twice).error().message, HasSubstr("OST 0 holds two"));
  EXPECT_EQ(layout, before);
}

std::vector<std::uint32_t> osts(std::string_view text, std::uint32_t next) {
  const auto chosen = round_robin_osts(wanted(text), made(text), 0, 8, next);
  EXPECT_TRUE(chosen.ok()) << chosen.error().message;
  return *chosen;
}

TEST(Instantiate, RoundRobinGoesOnFromTheNextOst) {
  EXPECT_THAT(osts("-c 3", 0), ElementsAre(0, 1, 2));
  EXPECT_THAT(osts("-c 3", 6), ElementsAre(6, 7, 0));
  EXPECT_THAT(osts("-C 9", 15), ElementsAre(7, 0, 1, 2, 3, 4, 5, 6, 7));
}

TEST(Instantiate, NamedOstsAreTaken) {
  EXPECT_THAT(osts("-c 3 -i 5", 0), ElementsAre(5, 6, 7));
  EXPECT_THAT(osts("-o 4,2,6", 0), ElementsAre(4, 2, 6));
  EXPECT_THAT(osts("-o 4,2,6 -i 2", 0), ElementsAre(2, 6, 4));
}

TEST(Instantiate, OstsThatAreNotThereAreRefused) {
  for (const char* text : {"-i 8", "-o 7,8"}) {
    const auto chosen = round_robin_osts(wanted(text), made(text), 0, 8, 0);
    EXPECT_THAT(chosen.error().message, HasSubstr("OST 8 is not among 8")) << text;
  }
}

TEST(Instantiate, DefaultsMustBeUsable) {
  EXPECT_FALSE(make_layout(wanted(""), {1, 4 * kMiB, 0}));
  EXPECT_FALSE(make_layout(wanted(""), {0, 4 * kMiB, 8}));
  EXPECT_FALSE(make_layout(wanted(""), {1, 100, 8}));
  EXPECT_EQ(made("").components[0].extent.end, kEof);
}

}  // namespace
}  // namespace stripe
