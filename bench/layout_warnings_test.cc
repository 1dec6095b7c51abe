#include "bench/layout_warnings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "stripe/layout/layout_testing.h"

namespace bench {
namespace {

using sim::kMiB;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> remarks(const std::string& options,
                                 std::optional<std::uint32_t> ost_count = std::nullopt) {
  const auto source = read_layout_source(options, ost_count);
  EXPECT_TRUE(source.ok()) << source.error().message;
  return layout_warnings(*source);
}

// `options` earn a remark with `text`, `others` do not.
void expect_remark(const std::string& text, const std::string& options, const std::string& others,
                   std::optional<std::uint32_t> ost_count = std::nullopt) {
  EXPECT_THAT(remarks(options, ost_count), Contains(HasSubstr(text))) << options;
  EXPECT_THAT(remarks(others, ost_count), Not(Contains(HasSubstr(text)))) << others;
}

TEST(LayoutWarnings, GoodLayoutEarnsNone) { EXPECT_THAT(remarks("-c 4 -S 4M"), IsEmpty()); }

TEST(LayoutWarnings, MoreStripesThanOsts) {
  expect_remark("stripe count 9 on 8 OSTs: the MDT makes 8", "-c 9", "-c 8", 8);
  expect_remark("stripe count 9 on 8 OSTs", "-c 9", "-C 9", 8);
}

TEST(LayoutWarnings, StripeSizeThatBulkTransfersDoNotFit) {
  expect_remark("not a multiple of 1 MiB", "-c 2 -S 1088k", "-c 2 -S 2M");
}

TEST(LayoutWarnings, StripeSizeBelowTheRpcSize) {
  expect_remark("below the RPC size of 4 MiB", "-c 4 -S 2M", "-c 4 -S 4M");
  EXPECT_THAT(remarks("-c 4 -S 2M"), Contains(HasSubstr("once it has 16 MiB dirty")));
}

TEST(LayoutWarnings, MoreStripesThanTheComponentHasChunks) {
  expect_remark("component 1: stripe count 4, but the component has room for 3 chunks",
                "-E 12M -c 4 -S 4M -E -1", "-E 16M -c 4 -S 4M -E -1");
}

TEST(LayoutWarnings, OneStripeToEof) { expect_remark("one stripe to EOF", "-c 1", "-c 2 -S 4M"); }

TEST(LayoutWarnings, LayoutThatEndsBeforeEof) {
  expect_remark("component 2: the layout ends at 64 MiB", "-E 4M -E 64M", "-E 4M -E -1");
}

TEST(LayoutWarnings, DataOnTheMdtAboveItsDefaultLimit) {
  expect_remark("above the default of lod.*.dom_stripesize, 1 MiB", "-E 1088k -L mdt -E -1",
                "-E 1M -L mdt -E -1");
}

TEST(LayoutWarnings, ComponentThatBeginsBehindTheFirstByte) {
  expect_remark("component 2: begins on stripe 1", "-E 4M -c 1 -S 4M -E -1 -c 2",
                "-E 4M -c 1 -S 4M -E -1 -c 1");
}

TEST(LayoutWarnings, Overstriping) { expect_remark("overstriped", "-C 2", "-c 2"); }

TEST(LayoutWarnings, NamedOsts) {
  expect_remark("named OSTs", "-i 3", "-c 1");
  expect_remark("named OSTs", "-o 3,4", "-i -1");
}

TEST(LayoutWarnings, MirrorsThatShareAnOst) {
  expect_remark("OST 1 holds parts of two mirrors", "-N2 -c 1 -i 1", "-N2 -c 1", 4);
}

TEST(LayoutWarnings, StateOfStoredLayouts) {
  LayoutSource source;
  source.layout = stripe::composite_layout(
      {stripe::striped_component({0, kMiB}, kMiB, 1, 0x10001),
       stripe::uninstantiated(stripe::striped_component({kMiB, sim::kEof}, kMiB, 1, 0x10002))});
  source.layout.components[0].flags |= stripe::kComponentStale;
  source.layout.components[0].pattern |= stripe::kPatternReleased;
  EXPECT_THAT(layout_warnings(source), Contains(HasSubstr("component 1: stale")));
  EXPECT_THAT(layout_warnings(source), Contains(HasSubstr("component 1: released")));
  EXPECT_THAT(layout_warnings(source), Contains(HasSubstr("component 2: not instantiated")));
}

TEST(LayoutWarnings, StoredOstThatIsNotThere) {
  LayoutSource source;
  source.layout = stripe::plain_layout(4 * kMiB, 4);
  source.ost_count = 3;
  EXPECT_THAT(layout_warnings(source), Contains(HasSubstr("OST 3 is not among the 3")));
  source.ost_count = 4;
  EXPECT_THAT(layout_warnings(source), IsEmpty());
}

}  // namespace
}  // namespace bench
