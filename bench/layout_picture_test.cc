#include "bench/layout_picture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "stripe/layout/layout_testing.h"

namespace bench {
namespace {

using sim::kEof;
using sim::kMiB;
using testing::HasSubstr;
using testing::Not;

TEST(LayoutPicture, WideComponentsShowEightStripes) {
  const std::string wide = draw_component(stripe::striped_component({0, kEof}, kMiB, 9, 0));
  EXPECT_THAT(wide, HasSubstr("OST 7  ...\n"));
  EXPECT_THAT(wide, Not(HasSubstr("OST 8")));
  EXPECT_THAT(draw_component(stripe::striped_component({0, kEof}, kMiB, 8, 0)),
              HasSubstr("OST 7\n"));
}

TEST(LayoutPicture, RowsEndWithTheComponent) {
  const std::string text = draw_component(stripe::striped_component({0, 3 * kMiB}, kMiB, 2, 0));
  EXPECT_THAT(text, HasSubstr("     row 1        2 MiB            .\n"));
  EXPECT_THAT(text, Not(HasSubstr("row 2")));
  EXPECT_THAT(text, Not(HasSubstr("...")));
}

TEST(LayoutPicture, ComponentWithoutObjectsNamesItsStripes) {
  EXPECT_THAT(
      draw_component(stripe::uninstantiated(stripe::striped_component({0, kEof}, kMiB, 2, 1))),
      HasSubstr("stripe 0     stripe 1\n"));
}

TEST(LayoutPicture, ComponentThatBeginsInsideAChunkSaysWhere) {
  EXPECT_THAT(draw_component(stripe::striped_component({kMiB, kEof}, 4 * kMiB, 2, 1)),
              HasSubstr("     row 0        1 MiB        4 MiB\n"));
}

TEST(LayoutPicture, RowsNearTheEndOfTheLargestFileAreDrawn) {
  EXPECT_THAT(draw_component(stripe::striped_component({kEof - 65535, kEof}, 65536, 2, 1)),
              HasSubstr("row 140737488355327"));
}

TEST(LayoutPicture, BytesStandInLinesOf16) {
  const std::vector<std::byte> bytes(17, std::byte{0xAB});
  EXPECT_EQ(draw_bytes(bytes),
            "  0000  ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab\n"
            "  0010  ab\n");
}

}  // namespace
}  // namespace bench
