#include "scenarios/run/team.h"

#include <algorithm>

namespace scenarios {

Team::Team(sim::Loop& loop, const Plan& plan, std::function<void(std::uint32_t)> phase_begins,
           std::function<void(std::uint32_t)> phase_ended)
    : loop_(loop),
      plan_(plan),
      phase_begins_(std::move(phase_begins)),
      phase_ended_(std::move(phase_ended)),
      entered_(plan.phases.size()),
      left_(plan.phases.size()),
      reached_(plan.phases.size()) {
  meetings_.emplace_back(loop_);
}

sim::Task<void> Team::barrier(std::uint32_t parties) { co_await largest(parties, 0); }

sim::Task<std::uint64_t> Team::largest(std::uint32_t parties, std::uint64_t value) {
  const auto meeting = std::prev(meetings_.end());
  meeting->largest = std::max(meeting->largest, value);
  if (++meeting->arrived == parties) {
    meetings_.emplace_back(loop_);
    meeting->all_here.set();
  } else {
    co_await meeting->all_here.wait();
  }
  const std::uint64_t result = meeting->largest;
  if (++meeting->gone == parties) {
    meetings_.erase(meeting);
  }
  co_return result;
}

void Team::enter(std::uint32_t phase) {
  if (entered_[phase]++ == 0) {
    test_began_.try_emplace(plan_.phases[phase].test, loop_.now());
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
