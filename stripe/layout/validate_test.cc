#include "stripe/layout/validate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "stripe/layout/layout_testing.h"
#include "stripe/layout/limits.h"

namespace stripe {
namespace {

using sim::kEof;
using sim::kKiB;
using sim::kMiB;
using testing::HasSubstr;

std::string reason(const Layout& layout) {
  const sim::Status status = validate(layout);
  return status.ok() ? "ok" : status.error().message;
}

Layout progressive() {
  return composite_layout({striped_component({0, kMiB}, kMiB, 1, 1),
                           striped_component({kMiB, 4 * kMiB}, kMiB, 2, 2),
                           striped_component({4 * kMiB, kEof}, kMiB, 4, 3)});
}

TEST(Validate, AcceptsPlainAndProgressiveLayouts) {
  EXPECT_EQ(reason(plain_layout(64 * kKiB, 1)), "ok");
  EXPECT_EQ(reason(plain_layout(kMiB, 2000)), "ok");
  EXPECT_EQ(reason(progressive()), "ok");
}

TEST(Validate, RefusesAStripeSizeThatLustreCannotStore) {
  EXPECT_THAT(reason(plain_layout(102400, 1)), HasSubstr("65536 or 131072 would be"));
}

TEST(Validate, RefusesStripeCountsOutsideTheLimits) {
  EXPECT_THAT(reason(plain_layout(kMiB, 0)), HasSubstr("stripe count 0"));
  EXPECT_THAT(reason(plain_layout(kMiB, 2001)), HasSubstr("stripe count 2001"));
}

TEST(Validate, RefusesACountThatIsNotTheNumberOfObjects) {
  Layout layout = plain_layout(kMiB, 4);
  layout.components[0].objects.pop_back();
  EXPECT_THAT(reason(layout), HasSubstr("stripe count 4 with 3 objects"));
}

TEST(Validate, RefusesAnOstTwiceUnlessOverstriped) {
  Layout layout = plain_layout(kMiB, 4);
  layout.components[0].objects[3].ost_index = 0;
  EXPECT_THAT(reason(layout), HasSubstr("OST 0 holds two stripes"));
  layout.components[0].pattern |= kPatternOverstriping;
  EXPECT_EQ(reason(layout), "ok");
}

TEST(Validate, ComponentsOfAMirrorAreContiguousFromZero) {
  Layout gap = progressive();
  gap.components[1].extent.begin = 2 * kMiB;
  EXPECT_THAT(reason(gap), HasSubstr("component 2: starts at 2097152"));
  Layout late = progressive();
  late.components[0].extent.begin = 64 * kKiB;
  EXPECT_THAT(reason(late), HasSubstr("component 1: starts at 65536"));
  Layout empty = progressive();
  empty.components[1].extent.end = kMiB;
  empty.components[2].extent.begin = kMiB;
  EXPECT_THAT(reason(empty), HasSubstr("component 2: range [1048576, 1048576) is empty"));
}

TEST(Validate, ComponentBoundariesAreMultiplesOf64KiB) {
  Layout layout = progressive();
  layout.components[0].extent.end = layout.components[1].extent.begin = kMiB + 1;
  EXPECT_THAT(reason(layout), HasSubstr("component 1: component end 1048577 B"));
}

TEST(Validate, DataOnTheMdtIsFirstBoundedAndWithoutStripes) {
  Layout layout =
      composite_layout({dom_component(kMiB, 1), striped_component({kMiB, kEof}, kMiB, 2, 2)});
  EXPECT_EQ(reason(layout), "ok");
  Layout counted = layout;
  counted.components[0].stripe_count = 1;
  EXPECT_THAT(reason(counted), HasSubstr("stripe count is 0"));
  Layout wrong = layout;
  wrong.components[0].stripe_size = 64 * kKiB;
  EXPECT_THAT(reason(wrong), HasSubstr("must be its end"));
  Layout second =
      composite_layout({striped_component({0, kMiB}, kMiB, 2, 1), dom_component(2 * kMiB, 2)});
  second.components[1].extent.begin = kMiB;
  EXPECT_THAT(reason(second), HasSubstr("only the first component"));
}

TEST(Validate, ReleasedFilesMayHaveLostTheirObjects) {
  Layout layout = plain_layout(kMiB, 4);
  layout.components[0].pattern |= kPatternReleased;
  EXPECT_EQ(reason(layout), "ok");
  layout.components[0].objects.clear();
  EXPECT_EQ(reason(layout), "ok");
  layout.components[0].stripe_count = 0;
  EXPECT_EQ(reason(layout), "ok");
  layout.components[0].pattern = kPatternRaid0;
  EXPECT_THAT(reason(layout), HasSubstr("stripe count 0"));
}

TEST(Validate, UninstantiatedComponentsMayLeaveSizeAndCountToTheDefaults) {
  Layout layout = progressive();
  layout.components[2] = uninstantiated(layout.components[2]);
  layout.components[2].stripe_size = 0;
  layout.components[2].stripe_count = kAllOsts;
  EXPECT_EQ(reason(layout), "ok");
  layout.components[2].flags |= kComponentInit;
  EXPECT_THAT(reason(layout), HasSubstr("component 3: stripe size 0"));
}

TEST(Validate, SelfExtendingLayoutsMayHoldAnEmptyComponentThatAwaitsExtension) {
  Layout layout = progressive();
  layout.format = LayoutFormat::self_extending;
  layout.components[1] = uninstantiated(layout.components[1]);
  layout.components[1].extent = {kMiB, kMiB};
  layout.components[2] = uninstantiated(layout.components[2]);
  layout.components[2].extent = {kMiB, kEof};
  layout.components[2].flags |= kComponentExtension;
  layout.components[2].stripe_size = 65536;
  EXPECT_EQ(reason(layout), "ok");
  EXPECT_EQ(layout.components[2].extension_size(), 64 * kMiB);
  layout.components[2].stripe_size = 63;
  EXPECT_THAT(reason(layout), HasSubstr("extension size 63 KiB"));
}

TEST(Validate, MirrorsStandTogetherAndNumberAtMost16) {
  Layout layout = composite_layout({});
  for (std::uint32_t m = 1; m <= 16; ++m) {
    layout.components.push_back(striped_component({0, kEof}, kMiB, 1, (m << 16) + m));
  }
  EXPECT_EQ(reason(layout), "ok");
  Layout apart = layout;
  apart.components[2].id = (1u << 16) + 99;
  EXPECT_THAT(reason(apart), HasSubstr("mirror 1 do not stand together"));
  layout.components.push_back(striped_component({0, kEof}, kMiB, 1, (17u << 16) + 17));
  EXPECT_THAT(reason(layout), HasSubstr("17 mirrors"));
}

TEST(Validate, ComponentIdsAreUniqueAndInRange) {
  Layout twice = progressive();
  twice.components[2].id = 1;
  EXPECT_THAT(reason(twice), HasSubstr("0x1 is used twice"));
  Layout zero = progressive();
  zero.components[0].id = 0;
  EXPECT_THAT(reason(zero), HasSubstr("component 1: id 0x0"));
}

TEST(Validate, RefusesPatternsThatAreNotSupported) {
  Layout layout = plain_layout(kMiB, 1);
  layout.components[0].pattern = 0x2;
  EXPECT_THAT(reason(layout), HasSubstr("bits 0x2"));
  layout.components[0].pattern = kPatternRaid0 | kPatternMdt;
  EXPECT_THAT(reason(layout), HasSubstr("either RAID-0"));
  layout.components[0].pattern = 0;
  EXPECT_THAT(reason(layout), HasSubstr("either RAID-0"));
}

TEST(Validate, PoolNeedsTheV3Header) {
  Layout layout = plain_layout(kMiB, 1);
  layout.components[0].pool = "flash";
  EXPECT_THAT(reason(layout), HasSubstr("v1 layout"));
  layout.components[0].version = LovVersion::v3;
  EXPECT_EQ(reason(layout), "ok");
}

TEST(Validate, MirrorStateIsKnown) {
  Layout layout = progressive();
  for (const FlrState state : {FlrState::none, FlrState::read_only, FlrState::write_pending,
                               FlrState::sync_pending, FlrState::pcc_read_only}) {
    layout.flags = static_cast<std::uint16_t>(state);
    EXPECT_EQ(reason(layout), "ok");
  }
  layout.flags = 4;
  EXPECT_THAT(reason(layout), HasSubstr("mirror state 4"));
}

}  // namespace
}  // namespace stripe
