#include "stripe/layout/split.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "stripe/layout/layout_testing.h"

namespace stripe {
namespace {

using sim::kEof;
using sim::kKiB;
using sim::kMiB;
using testing::ElementsAre;

SplitPlan split_ok(const Layout& layout, std::vector<sim::Extent> extents,
                   const SplitOptions& options = {}) {
  SplitPlan plan;
  const sim::Status status = split(layout, extents, options, plan);
  EXPECT_TRUE(status) << status.error().message;
  return plan;
}

// The only range of each request.
std::vector<WireRange> ranges(const SplitPlan& plan) {
  std::vector<WireRange> all;
  for (const SubRequest& r : plan.requests) {
    EXPECT_EQ(r.range_count, 1u);
    all.push_back(plan.ranges_of(r).front());
  }
  return all;
}

TEST(Split, RequestOnStripeBoundaryStaysWhole) {
  const SplitPlan plan = split_ok(plain_layout(kMiB, 4), {{kMiB, 2 * kMiB}});
  ASSERT_EQ(plan.requests.size(), 1u);
  EXPECT_EQ(plan.requests[0].ost_index, 1u);
  EXPECT_EQ(plan.requests[0].object, (ObjectId{0, 2}));
  EXPECT_THAT(plan.pieces, ElementsAre(Piece{0, kMiB, kMiB, 0}));
}

TEST(Split, OneByteOverAStripeBoundaryMakesASecondRequest) {
  const SplitPlan plan = split_ok(plain_layout(kMiB, 4), {{0, kMiB + 1}});
  EXPECT_THAT(ranges(plan), ElementsAre(WireRange{0, kMiB}, WireRange{0, 1}));
}

TEST(Split, SuccessiveRowsOfAnObjectAreAdjacent) {
  const SplitPlan plan = split_ok(plain_layout(kMiB, 4), {{0, 8 * kMiB}});
  ASSERT_EQ(plan.requests.size(), 4u);
  for (const SubRequest& r : plan.requests) {
    EXPECT_EQ(r.payload, 2 * kMiB);
    EXPECT_EQ(r.piece_count, 2u);
  }
}

TEST(Split, NoneSendsARequestPerChunk) {
  SplitOptions options;
  options.coalesce = Coalesce::none;
  EXPECT_EQ(split_ok(plain_layout(kMiB, 4), {{0, 8 * kMiB}}, options).requests.size(), 8u);
}

TEST(Split, OneStripeHasNoBoundaries) {
  SplitOptions options;
  options.coalesce = Coalesce::none;
  EXPECT_EQ(split_ok(plain_layout(kMiB, 1), {{1, 4 * kMiB}}, options).requests.size(), 1u);
}

TEST(Split, RequestsFillTheRpcSizeAndNoMore) {
  SplitOptions options;
  options.max_rpc = 3 * kMiB;
  const SplitPlan plan = split_ok(plain_layout(2 * kMiB, 2), {{0, 8 * kMiB}}, options);
  EXPECT_THAT(ranges(plan), ElementsAre(WireRange{0, 3 * kMiB}, WireRange{0, 3 * kMiB},
                                        WireRange{3 * kMiB, kMiB}, WireRange{3 * kMiB, kMiB}));
}

TEST(Split, AlignedRequestsEndOnMultiplesOfTheRpcSize) {
  SplitOptions options;
  options.max_rpc = kMiB;
  options.align_rpcs = true;
  const SplitPlan plan = split_ok(plain_layout(4 * kMiB, 1), {{kMiB / 2, 2 * kMiB + 1}}, options);
  EXPECT_THAT(ranges(plan), ElementsAre(WireRange{kMiB / 2, kMiB / 2}, WireRange{kMiB, kMiB},
                                        WireRange{2 * kMiB, 1}));
}

TEST(Split, AdjacentNeverMergesAcrossAHole) {
  const SplitPlan plan = split_ok(plain_layout(kMiB, 1), {{0, 10}, {11, 20}});
  EXPECT_THAT(ranges(plan), ElementsAre(WireRange{0, 10}, WireRange{11, 9}));
}

TEST(Split, ExtentsThatTouchAreOnePiece) {
  const SplitPlan plan = split_ok(plain_layout(kMiB, 1), {{0, 10}, {10, 20}});
  EXPECT_THAT(plan.pieces, ElementsAre(Piece{0, 0, 20, 0}));
}

TEST(Split, ReadThroughFetchesTheHoleAndCountsIt) {
  SplitOptions options;
  options.coalesce = Coalesce::read_through;
  const SplitPlan plan = split_ok(plain_layout(kMiB, 1), {{0, 10}, {15, 20}}, options);
  EXPECT_THAT(ranges(plan), ElementsAre(WireRange{0, 20}));
  EXPECT_EQ(plan.requests[0].over_fetch, 5u);
  EXPECT_THAT(plan.pieces, ElementsAre(Piece{0, 0, 10, 0}, Piece{15, 15, 5, 15}));
}

TEST(Split, ReadThroughIsRefusedForWrites) {
  SplitOptions options;
  options.coalesce = Coalesce::read_through;
  options.kind = IoKind::write;
  SplitPlan plan;
  const std::vector<sim::Extent> extents = {{0, 1}};
  EXPECT_EQ(split(plain_layout(kMiB, 1), extents, options, plan).code(), sim::Errc::not_supported);
}

TEST(Split, VectorCarriesSeveralRanges) {
  SplitOptions options;
  options.coalesce = Coalesce::vector;
  options.limits.max_ranges = 2;
  const SplitPlan plan = split_ok(plain_layout(kMiB, 1), {{0, 10}, {15, 20}, {30, 31}}, options);
  ASSERT_EQ(plan.requests.size(), 2u);
  EXPECT_THAT(plan.ranges_of(plan.requests[0]), ElementsAre(WireRange{0, 10}, WireRange{15, 5}));
  EXPECT_EQ(plan.requests[0].payload, 15u);
  EXPECT_EQ(plan.requests[0].over_fetch, 0u);
  EXPECT_EQ(plan.pieces[1].payload_offset, 10u);
}

TEST(Split, FileSpaceSeesTheStripesOfOthersAsHoles) {
  SplitOptions options;
  options.space = AddressSpace::file;
  const Layout layout = plain_layout(kMiB, 2);
  EXPECT_EQ(split_ok(layout, {{0, 4 * kMiB}}, options).requests.size(), 4u);
  options.coalesce = Coalesce::read_through;
  const SplitPlan plan = split_ok(layout, {{0, 4 * kMiB}}, options);
  ASSERT_EQ(plan.requests.size(), 2u);
  EXPECT_THAT(ranges(plan), ElementsAre(WireRange{0, 3 * kMiB}, WireRange{kMiB, 3 * kMiB}));
  EXPECT_EQ(plan.requests[0].over_fetch, kMiB);
}

TEST(Split, OstsOfOneTargetShareRequestsInFileSpace) {
  const std::vector<std::uint32_t> target_of_ost = {0, 0, 1, 1};
  SplitOptions options;
  options.space = AddressSpace::file;
  options.target_of_ost = target_of_ost;
  const SplitPlan plan = split_ok(plain_layout(kMiB, 4), {{0, 4 * kMiB}}, options);
  EXPECT_THAT(ranges(plan), ElementsAre(WireRange{0, 2 * kMiB}, WireRange{2 * kMiB, 2 * kMiB}));
  EXPECT_EQ(plan.requests[1].target, 1u);
}

TEST(Split, OstWithoutATargetIsRefused) {
  const std::vector<std::uint32_t> target_of_ost = {0, 0};
  SplitOptions options;
  options.target_of_ost = target_of_ost;
  SplitPlan plan;
  const std::vector<sim::Extent> extents = {{0, 4 * kMiB}};
  EXPECT_EQ(split(plain_layout(kMiB, 4), extents, options, plan).code(), sim::Errc::not_found);
}

TEST(Split, LaterComponentsCountFromTheBeginningOfTheFile) {
  const Layout layout = composite_layout({striped_component({0, 3 * kMiB}, kMiB, 1, 1),
                                          striped_component({3 * kMiB, kEof}, kMiB, 2, 2)});
  const SplitPlan plan = split_ok(layout, {{3 * kMiB - 1, 3 * kMiB + 1}});
  ASSERT_EQ(plan.requests.size(), 2u);
  EXPECT_EQ(plan.requests[1].component, 1u);
  EXPECT_EQ(plan.requests[1].stripe, 1u);
  EXPECT_THAT(ranges(plan), ElementsAre(WireRange{3 * kMiB - 1, 1}, WireRange{kMiB, 1}));
}

TEST(Split, DataOnTheMdtGoesToTheMdt) {
  const Layout layout = composite_layout(
      {dom_component(64 * kKiB, 1), striped_component({64 * kKiB, kEof}, kMiB, 2, 2)});
  const SplitPlan plan = split_ok(layout, {{0, 128 * kKiB}});
  ASSERT_EQ(plan.requests.size(), 2u);
  EXPECT_EQ(plan.requests[0].target, kMdtTarget);
  EXPECT_EQ(plan.requests[1].target, 0u);
}

TEST(Split, RangesWithoutObjectsAreReportedMissing) {
  const Layout layout =
      composite_layout({striped_component({0, kMiB}, kMiB, 1, 1),
                        uninstantiated(striped_component({kMiB, 4 * kMiB}, kMiB, 2, 2))});
  const SplitPlan plan = split_ok(layout, {{kMiB - 1, 5 * kMiB}});
  EXPECT_EQ(plan.requests.size(), 1u);
  EXPECT_THAT(
      plan.missing,
      ElementsAre(Missing{{kMiB, 4 * kMiB}, 1, MissingReason::not_instantiated},
                  Missing{{4 * kMiB, 5 * kMiB}, kNoComponent, MissingReason::beyond_layout}));
}

TEST(Split, ReleasedDataIsMissing) {
  Layout layout = plain_layout(kMiB, 1);
  layout.components[0].pattern |= kPatternReleased;
  EXPECT_THAT(split_ok(layout, {{0, 1}}).missing,
              ElementsAre(Missing{{0, 1}, 0, MissingReason::released}));
}

TEST(Split, MirrorChoosesTheObjects) {
  const Layout layout =
      composite_layout({striped_component({0, kEof}, kMiB, 1, (1u << 16) + 1, 0),
                        striped_component({0, kEof}, kMiB, 1, (2u << 16) + 2, 7)});
  SplitOptions options;
  options.mirror = 1;
  EXPECT_EQ(split_ok(layout, {{0, 1}}, options).requests[0].ost_index, 7u);
}

TEST(Split, LastByteOfTheLargestFileIsServed) {
  const SplitPlan plan = split_ok(plain_layout(kMiB, 3), {{kEof - 3, kEof - 1}});
  ASSERT_EQ(plan.pieces.size(), 1u);
  EXPECT_EQ(plan.pieces[0].length, 2u);
}

TEST(Split, RefusesExtentsOutOfOrder) {
  SplitPlan plan;
  const Layout layout = plain_layout(kMiB, 1);
  for (const std::vector<sim::Extent>& bad :
       {std::vector<sim::Extent>{{10, 20}, {19, 30}}, {{10, 20}, {0, 5}}, {{5, 4}}, {{0, kEof}}}) {
    EXPECT_EQ(split(layout, bad, {}, plan).code(), sim::Errc::invalid_argument);
  }
  EXPECT_TRUE(split(layout, std::vector<sim::Extent>{{10, 20}, {15, 15}, {20, 21}}, {}, plan));
}

TEST(Split, RefusesMorePiecesThanItsLimit) {
  SplitPlan plan;
  const std::vector<sim::Extent> huge = {{0, kEof - 1}};
  EXPECT_EQ(split(plain_layout(64 * kKiB, 4), huge, {}, plan).code(), sim::Errc::too_large);
  EXPECT_EQ(split(plain_layout(64 * kKiB, 1), huge, {}, plan).code(), sim::Errc::too_large);
  EXPECT_TRUE(plan.pieces.empty());
}

TEST(Split, KeepsItsMemory) {
  SplitPlan plan;
  const Layout layout = plain_layout(kMiB, 4);
  const std::vector<sim::Extent> extents = {{0, 16 * kMiB}};
  ASSERT_TRUE(split(layout, extents, {}, plan));
  const Piece* pieces = plan.pieces.data();
  const SubRequest* requests = plan.requests.data();
  ASSERT_TRUE(split(layout, extents, {}, plan));
  EXPECT_EQ(plan.pieces.data(), pieces);
  EXPECT_EQ(plan.requests.data(), requests);
}

}  // namespace
}  // namespace stripe
