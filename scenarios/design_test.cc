#include "scenarios/design.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scenarios {
namespace {

TEST(Design, EveryPresetKnowsItsOwnName) {
  for (const DesignPreset& preset : design_presets()) {
    EXPECT_EQ(preset.make().preset, preset.name);
    EXPECT_EQ(*design_preset(preset.name), preset.make());
  }
}

TEST(Design, DefaultIsLustre) { EXPECT_EQ(*design_preset("lustre"), DesignSpec()); }

TEST(Design, Lustre212HasTheSmallerReadAheadBudget) {
  const DesignSpec d = *design_preset("lustre_2_12");
  EXPECT_EQ(d.read_ahead.max_per_file, 64 * sim::kMiB);
  EXPECT_EQ(d.max_rpc_size, 4 * sim::kMiB);
}

TEST(Design, UnknownNameIsRefusedWithTheNearest) {
  const auto design = design_preset("lustr");
  EXPECT_EQ(design.code(), sim::Errc::not_found);
  EXPECT_THAT(design.error().message, testing::HasSubstr("did you mean \"lustre\"?"));
}

}  // namespace
}  // namespace scenarios
