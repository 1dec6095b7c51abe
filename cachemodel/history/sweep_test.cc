#include "cachemodel/history/sweep.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "sim/rng.h"

namespace cachemodel {
namespace {

using Pieces = std::vector<SweepPiece>;

Pieces ask(std::vector<SweepItem> items, std::vector<SweepQuery> queries) {
  return sweep(items, queries);
}

TEST(Sweep, FindsTheEarliestOfTheItemsWithAGreaterKey) {
  const std::vector<SweepItem> items = {{{0, 10}, 5, 100, 1}, {{0, 10}, 7, 90, 2}};
  const Pieces pieces = ask(items, {{{0, 10}, 4, 200, kNobody, 3}});
  ASSERT_EQ(pieces.size(), 1u);
  EXPECT_EQ(pieces[0].range, (sim::Extent{0, 10}));
  EXPECT_EQ(pieces[0].time, 90);
  EXPECT_EQ(pieces[0].id, 2u);
  EXPECT_EQ(pieces[0].tag, 3u);
}

TEST(Sweep, AnEqualKeyIsNotGreater) {
  const std::vector<SweepItem> items = {{{0, 10}, 5, 100, 1}};
  EXPECT_EQ(ask(items, {{{0, 10}, 4, 200, kNobody, 0}}).size(), 1u);
  EXPECT_TRUE(ask(items, {{{0, 10}, 5, 200, kNobody, 0}}).empty());
}

TEST(Sweep, TheLimitItselfCounts) {
  const std::vector<SweepItem> items = {{{0, 10}, 5, 100, 1}};
  EXPECT_EQ(ask(items, {{{0, 10}, 0, 100, kNobody, 0}}).size(), 1u);
  EXPECT_TRUE(ask(items, {{{0, 10}, 0, 99, kNobody, 0}}).empty());
}

TEST(Sweep, TheExceptedIdIsAsIfAbsent) {
  const std::vector<SweepItem> items = {
      {{0, 10}, 5, 100, 1}, {{0, 10}, 6, 110, 1}, {{0, 10}, 7, 120, 2}};
  const Pieces pieces = ask(items, {{{0, 10}, 0, 200, 1, 0}});
  ASSERT_EQ(pieces.size(), 1u);
  EXPECT_EQ(pieces[0].id, 2u);
  EXPECT_TRUE(ask(items, {{{0, 10}, 0, 119, 1, 0}}).empty());
}

TEST(Sweep, WithoutALimitPiecesOfNobodyComeToo) {
  const std::vector<SweepItem> items = {{{4, 6}, 5, 100, 1}};
  const Pieces pieces = ask(items, {{{0, 10}, 0, kNever, kNobody, 0}});
  ASSERT_EQ(pieces.size(), 3u);
  EXPECT_EQ(pieces[0].id, kNobody);
  EXPECT_EQ(pieces[1].range, (sim::Extent{4, 6}));
  EXPECT_EQ(pieces[2].range, (sim::Extent{6, 10}));
}

TEST(Sweep, NothingAskedOrNothingThereIsNothing) {
  EXPECT_TRUE(ask({}, {}).empty());
  EXPECT_TRUE(ask({}, {{{0, 10}, 0, 100, kNobody, 0}}).empty());
  EXPECT_EQ(ask({}, {{{0, 10}, 0, kNever, kNobody, 0}}).size(), 1u);
  EXPECT_TRUE(ask({{{0, 1}, 0, 0, 0}}, {}).empty());
}

// Each offset of each query, by looking at every item.
std::map<std::pair<std::uint32_t, sim::Bytes>, std::int64_t> by_looking(
    const std::vector<SweepItem>& items, const std::vector<SweepQuery>& queries) {
  std::map<std::pair<std::uint32_t, sim::Bytes>, std::int64_t> found;
  for (const SweepQuery& query : queries) {
    for (sim::Bytes at = query.range.begin; at < query.range.end; ++at) {
      std::int64_t time = kNever;
      for (const SweepItem& item : items) {
        if (item.range.contains(at) && item.key > query.key && item.id != query.except) {
          time = std::min(time, item.time);
        }
      }
      if (time <= query.limit) {
        found[{query.tag, at}] = time;
      }
    }
  }
  return found;
}

struct Shape {
  std::uint64_t items;
  std::uint64_t queries;
  sim::Bytes space;
  sim::Bytes longest;
};

void expect_as_by_looking(const Shape& shape, std::uint64_t seed) {
  sim::Rng rng(seed);
  const auto range = [&] {
    const sim::Bytes begin = rng.below(shape.space);
    return sim::Extent{begin, begin + 1 + rng.below(shape.longest)};
  };
  const auto small = [&] { return static_cast<std::int64_t>(rng.below(20)); };
  std::vector<SweepItem> items;
  for (std::uint64_t i = 0; i < shape.items; ++i) {
    items.push_back({range(), small(), small(), static_cast<std::uint32_t>(rng.below(6))});
  }
  std::vector<SweepQuery> queries;
  for (std::uint32_t q = 0; q < shape.queries; ++q) {
    const std::int64_t limit = rng.chance(1, 5) ? kNever : small();
    queries.push_back({range(), small(), limit, static_cast<std::uint32_t>(rng.below(6)), q});
  }
  const auto should = by_looking(items, queries);
  std::map<std::pair<std::uint32_t, sim::Bytes>, std::int64_t> is;
  for (const SweepPiece& piece : sweep(items, queries)) {
    for (sim::Bytes at = piece.range.begin; at < piece.range.end; ++at) {
      EXPECT_TRUE(is.emplace(std::pair(piece.tag, at), piece.time).second) << "twice";
    }
  }
  EXPECT_EQ(is, should) << "seed " << seed;
}

TEST(Sweep, AnswersAsLookingAtEverythingDoes) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    expect_as_by_looking({12, 8, 30, 15}, seed);
    expect_as_by_looking({3, 20, 10, 10}, seed);
  }
}

// Long lists of short items are cut where none crosses; long queries then cross the cuts.
TEST(Sweep, CuttingTheAddressSpaceChangesNothing) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    expect_as_by_looking({600, 100, 2000, 3}, seed);
    expect_as_by_looking({600, 100, 2000, 200}, seed);
  }
}

// Queries that cross too many cuts are answered by one tree.
TEST(Sweep, ManyQueriesAcrossAllCutsAreAnsweredToo) {
  std::vector<SweepItem> items;
  for (std::uint32_t i = 0; i < 2000; ++i) {
    items.push_back({{i, i + 1}, 1, i, i});
  }
  std::vector<SweepQuery> queries(4000, {{0, 2000}, 0, 0, kNobody, 0});
  const Pieces pieces = sweep(items, queries);
  ASSERT_EQ(pieces.size(), 4000u);
  EXPECT_EQ(pieces.back().range, (sim::Extent{0, 1}));
}

}  // namespace
}  // namespace cachemodel
