#include "stripe/layout/layout.h"

#include <gtest/gtest.h>

#include "stripe/layout/layout_testing.h"

namespace stripe {
namespace {

using sim::kEof;
using sim::kMiB;

constexpr std::uint32_t kMirror1 = 1u << 16;
constexpr std::uint32_t kMirror2 = 2u << 16;

// Two mirrors: the first of two components, the second of one.
Layout mirrored() {
  return composite_layout({striped_component({0, kMiB}, kMiB, 1, kMirror1 + 1),
                           striped_component({kMiB, kEof}, kMiB, 4, kMirror1 + 2),
                           striped_component({0, kEof}, kMiB, 2, kMirror2 + 3)});
}

TEST(Layout, PlainLayoutCoversEveryOffset) {
  const Layout layout = plain_layout(kMiB, 4);
  EXPECT_EQ(layout.mirror_count(), 1u);
  EXPECT_EQ(layout.component_at(0), &layout.components[0]);
  EXPECT_EQ(layout.component_at(kEof - 1), &layout.components[0]);
  EXPECT_EQ(layout.component_at(0, 1), nullptr);
}

TEST(Layout, ComponentIsFoundByOffsetWithinItsMirror) {
  const Layout layout = mirrored();
  EXPECT_EQ(layout.component_at(kMiB - 1, 0), &layout.components[0]);
  EXPECT_EQ(layout.component_at(kMiB, 0), &layout.components[1]);
  EXPECT_EQ(layout.component_at(kMiB, 1), &layout.components[2]);
  EXPECT_EQ(layout.component_at(0, 2), nullptr);
}

TEST(Layout, OffsetsPastTheLastComponentHaveNone) {
  const Layout layout = composite_layout({striped_component({0, kMiB}, kMiB, 1, 1)});
  EXPECT_NE(layout.component_at(kMiB - 1), nullptr);
  EXPECT_EQ(layout.component_at(kMiB), nullptr);
}

TEST(Layout, MirrorsAreRunsOfOneMirrorId) {
  const Layout layout = mirrored();
  EXPECT_EQ(layout.mirror_count(), 2u);
  EXPECT_EQ(layout.mirror(0).size(), 2u);
  EXPECT_EQ(layout.mirror(1).size(), 1u);
  EXPECT_TRUE(layout.mirror(2).empty());
}

TEST(Layout, PickMirrorAvoidsStaleAndHonoursPreference) {
  Layout layout = mirrored();
  EXPECT_EQ(pick_mirror(layout, kComponentPreferRead), 0u);
  layout.components[2].flags |= kComponentPreferRead;
  EXPECT_EQ(pick_mirror(layout, kComponentPreferRead), 1u);
  EXPECT_EQ(pick_mirror(layout, kComponentPreferWrite), 0u);
  layout.components[2].flags |= kComponentStale;
  EXPECT_EQ(pick_mirror(layout, kComponentPreferRead), 0u);
  layout.components[2].flags &= ~kComponentStale;
  layout.components[1].flags |= kComponentStale;
  EXPECT_EQ(pick_mirror(layout, kComponentPreferWrite), 1u);
}

TEST(Layout, DataOnTheMdtHasOneStripe) {
  const Component dom = dom_component(kMiB, 1);
  EXPECT_EQ(dom.stripes(), 1u);
  EXPECT_EQ(dom.geometry().map(kMiB - 1), (StripePosition{0, kMiB - 1}));
}

}  // namespace
}  // namespace stripe
