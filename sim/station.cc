#include "sim/station.h"

#include <algorithm>

namespace sim {

Station::Station(Loop& loop, std::string name, std::uint32_t servers)
    : loop_(loop), name_(std::move(name)), free_at_(servers) {
  check(servers >= 1, "a station needs at least one server");
}

Station::Visit Station::reserve_from(TimePoint arrival, Duration service) {
  check(service >= Duration(), "a service time is negative");
  const TimePoint free = free_at_.front();
  const TimePoint begin = std::max(arrival, free);
  if (const TimePoint idle_from = std::max(loop_.now(), free); idle_from < begin) {
    note_idle(idle_from, begin);
  }
  const Visit visit{begin - arrival, service, begin + service};
  replace_front(visit.end);
  booked_ += service;
  waited_ += visit.wait;
  ++visits_;
  return visit;
}

// The server that was free first is next free at `end`, which is no earlier.
void Station::replace_front(TimePoint end) {
  const std::size_t size = free_at_.size();
  std::size_t hole = 0;
  for (std::size_t child = 1; child < size; child = 2 * hole + 1) {
    if (child + 1 < size && free_at_[child + 1] < free_at_[child]) {
      ++child;
    }
    if (end <= free_at_[child]) {
      break;
    }
    free_at_[hole] = free_at_[child];
    hole = child;
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
