#include "scenarios/run/team.h"

namespace scenarios {

Team::Team(sim::Loop& loop, const Plan& plan, Rendezvous& meets,
           std::function<void(std::uint32_t)> phase_begins,
           std::function<void(std::uint32_t)> phase_ended)
    : loop_(loop),
      plan_(plan),
      meets_(meets),
      phase_begins_(std::move(phase_begins)),
      phase_ended_(std::move(phase_ended)),
      clock_started_(plan.phases.size()),
      left_(plan.phases.size()),
      reached_(plan.phases.size()) {
  meets_.prepare(plan.events);
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
