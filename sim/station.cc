#include "sim/station.h"

#include <algorithm>

namespace sim {

Station::Station(Loop& loop, std::string name, std::uint32_t servers)
    : loop_(loop), name_(std::move(name)), free_at_(servers) {
  check(servers >= 1, "a station needs at least one server");
}

Station::Visit Station::reserve_from(TimePoint arrival, Duration service) {
  check(service >= Duration(), "a service time is negative");
  const TimePoint free = free_at_[first_];
  const TimePoint begin = std::max(arrival, free);
  if (const TimePoint idle_from = std::max(loop_.now(), free); idle_from < begin) {
    note_idle(idle_from, begin);
  }
  const Visit visit{begin - arrival, service, begin + service};
  replace_first(visit.end);
  booked_ += service;
  waited_ += visit.wait;
  ++visits_;
  return visit;
}

// The server that was free first is next free at `end`, which is no earlier. Sought from the back:
// most work ends after what was booked before it.
void Station::replace_first(TimePoint end) {
  std::size_t hole = first_;
  first_ = first_ + 1 == free_at_.size() ? 0 : first_ + 1;
  while (hole != first_) {
    const std::size_t before = (hole == 0 ? free_at_.size() : hole) - 1;
    if (free_at_[before] <= end) {
      break;
    }
    free_at_[hole] = free_at_[before];
    hole = before;
  }
  free_at_[hole] = end;
}

void Station::note_idle(TimePoint begin, TimePoint end) {
  while (!idle_ahead_.empty() && idle_ahead_.front().end <= loop_.now()) {
    idle_ahead_.pop_front();
  }
  idle_ahead_.push_back({begin, end});
}

Duration Station::busy() const {
  // Ahead of now lie whole bookings, the rest of running ones, and the idle time between them.
  const TimePoint now = loop_.now();
  Duration ahead;
  for (const TimePoint t : free_at_) {
    ahead += std::max(Duration(), t - now);
  }
  for (const Idle& idle : idle_ahead_) {
    ahead += std::min(Duration(), std::max(idle.begin, now) - idle.end);
  }
  return booked_ - ahead;
}

}  // namespace sim
