#include "stripe/layout/layout_size.h"

#include <gtest/gtest.h>

#include "stripe/layout/layout_testing.h"

namespace stripe {
namespace {

using sim::kEof;

// Components of a few bytes: the arithmetic has no unit.
Layout progressive() {
  return composite_layout({dom_component(4, 1), striped_component({4, 10}, 2, 2, 2),
                           striped_component({10, kEof}, 3, 4, 3)});
}

TEST(LayoutSize, ObjectSizesAmountToTheFileSize) {
  const Layout layout = progressive();
  std::vector<ObjectSize> sizes;
  for (sim::Bytes size = 0; size < 60; ++size) {
    object_sizes(layout, 0, size, sizes);
    EXPECT_EQ(*file_size(layout, sizes), size);
  }
}

TEST(LayoutSize, ComponentsBehindTheEndOfTheFileAreEmpty) {
  const Layout layout = progressive();
  std::vector<ObjectSize> sizes;
  object_sizes(layout, 0, 10, sizes);
  ASSERT_EQ(sizes.size(), 7u);
  EXPECT_EQ(sizes[0], (ObjectSize{0, 0, 4}));
  EXPECT_EQ(sizes[1], (ObjectSize{1, 0, 6}));
  for (std::size_t i = 3; i < sizes.size(); ++i) {
    EXPECT_EQ(sizes[i].size, 0u);
  }
}

TEST(LayoutSize, ObjectsNeverGrowPastTheirComponent) {
  const Layout layout = progressive();
  EXPECT_EQ(object_size(layout.components[0], 0, 1000), 4u);
  EXPECT_EQ(object_size(layout.components[1], 0, 1000), object_size(layout.components[1], 0, 10));
}

TEST(LayoutSize, SparseFileEndsWithTheObjectThatEndsLast) {
  const Layout layout = progressive();
  const std::vector<ObjectSize> sizes = {{2, 3, 7}, {0, 0, 1}};
  EXPECT_EQ(*file_size(layout, sizes), 2u * 12 + 3 * 3 + 1);
}

TEST(LayoutSize, UninstantiatedComponentsHaveNoObjects) {
  Layout layout = progressive();
  layout.components[2] = uninstantiated(layout.components[2]);
  std::vector<ObjectSize> sizes;
  object_sizes(layout, 0, 1000, sizes);
  EXPECT_EQ(sizes.size(), 3u);
  const std::vector<ObjectSize> claimed = {{2, 0, 1}};
  EXPECT_FALSE(file_size(layout, claimed));
}

TEST(LayoutSize, RefusesObjectsThatAreNotThere) {
  const Layout layout = progressive();
  EXPECT_FALSE(file_size(layout, std::vector<ObjectSize>{{3, 0, 1}}));
  EXPECT_FALSE(file_size(layout, std::vector<ObjectSize>{{1, 2, 1}}));
  EXPECT_EQ(file_size(layout, std::vector<ObjectSize>{{2, 3, kEof}}).code(), sim::Errc::too_large);
}

}  // namespace
}  // namespace stripe
