// Who could have known of something newer than what was seen.
#pragma once

#include <span>
#include <vector>

#include "cachemodel/history/versions.h"

namespace cachemodel {

// From `known` on, by the clock `clock`, the version at `place` was to be seen on `range`.
struct Fact {
  sim::Extent range;
  Place place;
  sim::TimePoint known;
  std::uint32_t clock = 0;
  std::uint32_t write = kNobody;
};

// Was a newer version than `place` known on `range` before the instant `before` of clock `clock`?
// Strictly before: what became known at that very instant does not count.
struct Question {
  sim::Extent range;
  Place place;
  sim::TimePoint before;
  std::uint32_t clock = 0;
  std::uint32_t write = kNobody;
  std::uint32_t tag = 0;
};

// Pieces of the questions' ranges, each with a fact's write. `sure`: a newer version was known, the
// first one at `time` (at the latest, by the question's clock). `maybe`: the clocks are not exact
// enough to tell, or a version was known whose order to the one seen is not. What is sure may be
// maybe again.
struct Findings {
  std::vector<SweepPiece> sure;
  std::vector<SweepPiece> maybe;
};

Findings newer_known(std::span<const Fact> facts, std::span<const Question> questions,
                     const Clocks& clocks);

}  // namespace cachemodel
