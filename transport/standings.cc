#include "transport/standings.h"

#include <algorithm>

namespace transport {

void Standings::connected(sim::TimePoint now, std::uint32_t generation, bool known) {
  if (known && !all_.empty() && !all_.back().until) {
    all_.back().last = generation;
    return;
  }
  given_up(now);
  all_.push_back({generation, generation, now, {}, {}});
}

void Standings::usable() {
  if (!all_.empty()) {
    all_.back().lost.reset();
  }
}

void Standings::lost(sim::TimePoint now) {
  if (!all_.empty() && !all_.back().lost) {
    all_.back().lost = now;
  }
}

void Standings::given_up(sim::TimePoint now) {
  if (!all_.empty() && !all_.back().until) {
    all_.back().until = now;
  }
}

// A connection may be ended before its client hears that it was made: then its standing begins
// later.
bool Standings::ended_by(const Standing& standing, const Eviction& eviction) {
  if (standing.until && *standing.until < eviction.at) {
    return false;
  }
  return eviction.last == 0 ? standing.from <= eviction.at
                            : standing.first <= eviction.last && eviction.first <= standing.last;
}

Standings::Discovery Standings::discovery_of(const Eviction& eviction, sim::TimePoint now) const {
  const auto standing =
      std::ranges::find_if(all_, [&](const Standing& each) { return ended_by(each, eviction); });
  if (standing == all_.end()) {
    return {eviction.at, eviction.at};
  }
  const sim::TimePoint noticed = standing->until.value_or(now);
  return {std::max(standing->lost.value_or(noticed), eviction.at), noticed};
}

}  // namespace transport
