// What ranks of one group agree on: when phases begin and end, the count a stonewall reached.
#pragma once

#include <functional>
#include <map>
#include <vector>

#include "scenarios/run/rendezvous.h"
#include "scenarios/workload/workload.h"

namespace scenarios {

class Team {
 public:
  // `meets`: where the ranks wait for each other, and for those of groups they work together with;
  // outlives the team. `phase_begins(phase)` is called when its clock starts, `phase_ended` when
  // the last of its ranks has left it.
  Team(sim::Loop& loop, const Plan& plan, Rendezvous& meets,
       std::function<void(std::uint32_t)> phase_begins,
       std::function<void(std::uint32_t)> phase_ended);

  Rendezvous& meets() { return meets_; }

  void enter(std::uint32_t phase);
  // A rank is about to do something that is measured: the first one starts the phase's clock.
  void start_clock(std::uint32_t phase);
  void leave(std::uint32_t phase);

  // When the test that `phase` belongs to began.
  sim::TimePoint test_began(std::uint32_t phase);
  // How many transfers `rank` did in a stonewalled phase.
  void reached(std::uint32_t phase, std::uint32_t rank, std::uint64_t transfers);
  std::uint64_t reached(std::uint32_t phase, std::uint32_t rank) const;

 private:
  sim::Loop& loop_;
  const Plan& plan_;
  Rendezvous& meets_;
  std::function<void(std::uint32_t)> phase_begins_;
  std::function<void(std::uint32_t)> phase_ended_;
  std::vector<bool> clock_started_;
  std::vector<std::uint32_t> left_;
  std::vector<std::vector<std::uint64_t>> reached_;
  std::map<std::uint32_t, sim::TimePoint> test_began_;
};

}  // namespace scenarios
