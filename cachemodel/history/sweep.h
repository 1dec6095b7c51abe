// The one question to which every guarantee comes down, answered for many ranges at once: of all
// that came later in some order, what was known first?
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "sim/units.h"

namespace cachemodel {

inline constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
inline constexpr std::uint32_t kNobody = std::numeric_limits<std::uint32_t>::max();

// Something that concerns `range`: its place in the order, and since when it was known.
struct SweepItem {
  sim::Extent range;
  std::int64_t key = 0;
  std::int64_t time = 0;
  std::uint32_t id = 0;  // not kNobody
};

// Asks for the items with a greater key and another id than `except` that were known by `limit`,
// which itself counts.
struct SweepQuery {
  sim::Extent range;
  std::int64_t key = 0;
  std::int64_t limit = 0;
  std::uint32_t except = kNobody;
  std::uint32_t tag = 0;  // handed back
};

// A part of a query's range, and the earliest of the items asked for there.
struct SweepPiece {
  std::uint32_t tag = 0;
  sim::Extent range;
  std::int64_t time = kNever;
  std::uint32_t id = kNobody;
};

// Answers all queries; pieces where no item is asked for are left out, unless the limit is kNever:
// then they come with kNobody. O((items + queries) log items + pieces log items). Reorders its
// arguments; the answer depends on their contents only, the pieces of one query are ascending.
// Of several items known first at the same time, one is named.
std::vector<SweepPiece> sweep(std::vector<SweepItem>& items, std::vector<SweepQuery>& queries);

}  // namespace cachemodel
