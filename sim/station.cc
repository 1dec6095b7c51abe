#include "sim/station.h"

#include <algorithm>
#include <functional>

namespace sim {

Station::Station(Loop& loop, std::string name, std::uint32_t servers)
    : loop_(loop), name_(std::move(name)), free_at_(servers) {
  check(servers >= 1, "a station needs at least one server");
}

Station::Visit Station::reserve_from(TimePoint arrival, Duration service) {
  check(service >= Duration(), "a service time is negative");
  if (free_at_.size() > 1) {
    std::ranges::pop_heap(free_at_, std::greater<>());
  }
  TimePoint& server = free_at_.back();
  const TimePoint begin = std::max(arrival, server);
  if (const TimePoint idle_from = std::max(loop_.now(), server); idle_from < begin) {
    while (!idle_ahead_.empty() && idle_ahead_.front().end <= loop_.now()) {
      idle_ahead_.pop_front();
    }
    idle_ahead_.push_back({idle_from, begin});
  }
  server = begin + service;
  const Visit visit{begin - arrival, service, server};
  if (free_at_.size() > 1) {
    std::ranges::push_heap(free_at_, std::greater<>());
  }
  booked_ += service;
  waited_ += visit.wait;
  ++visits_;
  return visit;
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
