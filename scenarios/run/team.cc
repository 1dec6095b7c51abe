#include "scenarios/run/team.h"

#include <algorithm>

namespace scenarios {

Team::Team(sim::Loop& loop, const Plan& plan, std::function<void(std::uint32_t)> phase_begins,
           std::function<void(std::uint32_t)> phase_ended)
    : loop_(loop),
      plan_(plan),
      phase_begins_(std::move(phase_begins)),
      phase_ended_(std::move(phase_ended)),
      clock_started_(plan.phases.size()),
      left_(plan.phases.size()),
      reached_(plan.phases.size()) {
  for (std::uint32_t i = 0; i < plan.events; ++i) {
    events_.emplace_back(loop_, "another rank's write, which is read next");
  }
}

sim::Task<void> Team::barrier(std::uint32_t parties) { co_await largest(parties, 0); }

sim::Task<std::uint64_t> Team::largest(std::uint32_t parties, std::uint64_t value) {
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

void Team::enter(std::uint32_t phase) {
  test_began_.try_emplace(plan_.phases[phase].test, loop_.now());
}

void Team::start_clock(std::uint32_t phase) {
  if (!clock_started_[phase]) {
    clock_started_[phase] = true;
    phase_begins_(phase);
  }
}

void Team::leave(std::uint32_t phase) {
  if (++left_[phase] == plan_.phases[phase].ranks) {
    phase_ended_(phase);
  }
}

sim::TimePoint Team::test_began(std::uint32_t phase) {
  return test_began_.try_emplace(plan_.phases[phase].test, loop_.now()).first->second;
}

void Team::reached(std::uint32_t phase, std::uint32_t rank, std::uint64_t transfers) {
  reached_[phase].resize(plan_.ranks);
  reached_[phase][rank] = transfers;
}

std::uint64_t Team::reached(std::uint32_t phase, std::uint32_t rank) const {
  return rank < reached_[phase].size() ? reached_[phase][rank] : 0;
}

}  // namespace scenarios
