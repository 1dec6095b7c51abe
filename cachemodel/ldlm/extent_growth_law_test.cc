// Laws of growth on random cases, and the rules written out once more over plain lists.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <deque>
#include <vector>

#include "cachemodel/ldlm/extent_growth.h"
#include "sim/rng.h"

namespace cachemodel {
namespace {

constexpr sim::Bytes kPage = 4096;

struct Held {
  LockMode mode;
  sim::Extent extent;
};

struct Case {
  ExtentRequest request;
  std::vector<Held> granted;
  std::vector<WaitingExtent> waiting;
};

LockMode any_mode(sim::Rng& rng) { return static_cast<LockMode>(rng.below(kLockModes)); }

sim::Extent any_extent(sim::Rng& rng) {
  const sim::Bytes unit = rng.chance(1, 2) ? kPage : 16 * kPage;
  const sim::Bytes begin = rng.below(400) * unit;
  const bool to_the_end = rng.chance(1, 20);
  return {begin, to_the_end ? sim::kEof : begin + (1 + rng.below(64)) * kPage};
}

// Nothing granted conflicts with the request, as when a server grows one.
Case any_case(sim::Rng& rng) {
  Case c;
  const std::array modes = {LockMode::pw, LockMode::pr, LockMode::cw, LockMode::ex};
  c.request = {modes[rng.below(modes.size())], any_extent(rng), rng.below(4)};
  for (std::size_t left = rng.below(rng.chance(1, 4) ? 60 : 8); left > 0; --left) {
    const Held held{any_mode(rng), any_extent(rng)};
    if (compatible(held.mode, c.request.mode) || !held.extent.overlaps(c.request.extent)) {
      c.granted.push_back(held);
    }
  }
  for (std::size_t left = rng.below(rng.chance(1, 4) ? 60 : 8); left > 0; --left) {
    const sim::Extent extent = any_extent(rng);
    c.waiting.push_back({any_mode(rng), extent, extent, rng.below(4)});
  }
  return c;
}

sim::Extent grow(const Case& c) {
  GrantedExtents granted;
  std::deque<ExtentNode> nodes;
  for (const Held& held : c.granted) {
    granted.insert(held.mode, nodes.emplace_back(), held.extent, nodes.size());
  }
  return grow_extent(c.request, granted, c.waiting);
}

// The closing step: the bound for writers among many, and the alignment found by trying each.
sim::Extent settle(const ExtentRequest& r, sim::Extent grown, std::size_t conflicts) {
  const bool writer = r.mode == LockMode::pw || r.mode == LockMode::cw;
  if (conflicts > 32 && writer && r.extent.size() < 32 * sim::kMiB) {
    grown.end = std::min(grown.end, r.extent.begin + 32 * sim::kMiB);
  }
  sim::Bytes alignment = sim::Bytes{1} << 63;
  const sim::Bytes end = r.extent.end == sim::kEof ? 0 : r.extent.end;
  while (alignment > kPage && (r.extent.begin % alignment != 0 || end % alignment != 0)) {
    alignment /= 2;
  }
  if (grown.begin % alignment != 0) {
    grown.begin += alignment - grown.begin % alignment;
  }
  grown.end -= grown.end == sim::kEof ? 0 : grown.end % alignment;
  return grown;
}

sim::Extent grow_slowly(const Case& c) {
  const sim::Extent asked = c.request.extent;
  sim::Extent grown{0, sim::kEof};
  std::size_t conflicts = 0;
  for (const Held& held : c.granted) {
    if (!compatible(held.mode, c.request.mode)) {
      ++conflicts;
      grown.begin = asked.begin;
      grown.end =
          held.extent.begin >= asked.end ? std::min(grown.end, held.extent.begin) : grown.end;
    }
  }
  grown = settle(c.request, grown, conflicts);
  conflicts = 0;
  for (const WaitingExtent& w : c.waiting) {
    if (compatible(w.mode, c.request.mode) && w.client != c.request.client) {
      continue;
    }
    ++conflicts;
    if (!w.requested.overlaps(asked)) {
      grown.begin = w.extent.end <= asked.begin ? std::max(grown.begin, w.extent.end) : grown.begin;
      grown.end = w.extent.begin >= asked.end ? std::min(grown.end, w.extent.begin) : grown.end;
    }
  }
  grown.begin = conflicts > 4 ? asked.begin : grown.begin;
  return settle(c.request, grown, conflicts);
}

TEST(ExtentGrowthLaw, EqualsTheRulesOverPlainLists) {
  sim::Rng rng(1);
  for (int i = 0; i < 20000; ++i) {
    const Case c = any_case(rng);
    ASSERT_EQ(grow(c), grow_slowly(c)) << "case " << i;
  }
}

TEST(ExtentGrowthLaw, ContainsTheRequest) {
  sim::Rng rng(2);
  for (int i = 0; i < 20000; ++i) {
    Case c = any_case(rng);
    // Also where no page begins.
    c.request.extent.begin += rng.chance(1, 2) ? rng.below(kPage) : 0;
    const sim::Extent grown = grow(c);
    ASSERT_EQ(grown.intersect(c.request.extent), c.request.extent) << "case " << i;
  }
}

TEST(ExtentGrowthLaw, ConflictsWithNothingGranted) {
  sim::Rng rng(3);
  for (int i = 0; i < 20000; ++i) {
    const Case c = any_case(rng);
    const sim::Extent grown = grow(c);
    for (const Held& held : c.granted) {
      ASSERT_TRUE(compatible(held.mode, c.request.mode) || !held.extent.overlaps(grown))
          << "case " << i;
    }
  }
}

TEST(ExtentGrowthLaw, MoreLocksNeverGiveMore) {
  sim::Rng rng(4);
  for (int i = 0; i < 20000; ++i) {
    Case c = any_case(rng);
    const sim::Extent grown = grow(c);
    if (!c.granted.empty()) {
      c.granted.pop_back();
    }
    if (!c.waiting.empty()) {
      c.waiting.pop_back();
    }
    ASSERT_EQ(grow(c).intersect(grown), grown) << "case " << i;
  }
}

}  // namespace
}  // namespace cachemodel
