#include "scenarios/run/rendezvous.h"

#include <algorithm>
#include <iterator>

namespace scenarios {

void Rendezvous::prepare(std::uint32_t events) {
  while (events_.size() < events) {
    events_.emplace_back(loop_, "another rank's write, which is read next");
  }
}

sim::Task<void> Rendezvous::barrier(std::uint32_t parties) { co_await largest(parties, 0); }

sim::Task<std::uint64_t> Rendezvous::largest(std::uint32_t parties, std::uint64_t value) {
  std::list<Meeting>& meetings = meetings_[parties];
  if (meetings.empty() || meetings.back().arrived == parties) {
    meetings.emplace_back(loop_);
  }
  const auto meeting = std::prev(meetings.end());
  meeting->largest = std::max(meeting->largest, value);
  if (++meeting->arrived == parties) {
    meeting->all_here.set();
  } else {
    co_await meeting->all_here.wait();
  }
  const std::uint64_t result = meeting->largest;
  if (++meeting->gone == parties) {
    meetings.erase(meeting);
  }
  co_return result;
}

}  // namespace scenarios
