// When a resource counts as contended, by the rules of two Lustre versions.
#pragma once

#include <cstddef>
#include <cstdint>

#include "sim/units.h"

namespace cachemodel {

enum class ContentionRule : std::uint8_t {
  none,
  // Lustre up to 2.17.0: one request meets many locks that conflict in what was asked for.
  requested_overlap,
  // Lustre 2.17.5x (LU-12550): conflicts come often, counted over a sliding window.
  sliding_window,
};

// More than `conflicts` make a resource contended for `held`.
struct ContentionOptions {
  ContentionRule rule = ContentionRule::none;
  std::size_t conflicts = 0;
  sim::Duration held;
  sim::Duration window;  // of sliding_window; above 0
};

// contended_locks 32, contention_seconds 2.
inline constexpr ContentionOptions kContentionByOverlap{
    ContentionRule::requested_overlap, 32, sim::seconds(2), {}};
// More than 16 conflicts in 4 s, held for 30 s.
inline constexpr ContentionOptions kContentionByRate{ContentionRule::sliding_window, 16,
                                                     sim::seconds(30), sim::seconds(4)};

// The state of one resource. Time never goes back.
class ContentionDetector {
 public:
  // A request met `conflicts` locks at `now`. With sliding_window they are added to a rate: what
  // came in the present window, plus of the one before the part that the window, slid back from
  // `now`, still covers, as if that one's conflicts had come evenly.
  void count(const ContentionOptions& options, std::size_t conflicts, sim::TimePoint now);
  bool contended(sim::TimePoint now) const { return now < until_; }

 private:
  bool passes(const ContentionOptions& options, std::size_t conflicts, sim::TimePoint now);

  sim::TimePoint until_{};
  std::int64_t window_ = 0;  // number of the present window since time 0
  std::uint64_t present_ = 0;
  std::uint64_t before_ = 0;
};

}  // namespace cachemodel
