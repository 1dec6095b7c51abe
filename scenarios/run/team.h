// What ranks of one group agree on: barriers, phases, the count a stonewall reached.
#pragma once

#include <deque>
#include <functional>
#include <list>
#include <map>
#include <vector>

#include "scenarios/workload/workload.h"
#include "sim/sync.h"

namespace scenarios {

// Barriers take no time of their own: the message exchange of an MPI barrier is not modelled.
class Team {
 public:
  // `phase_begins(phase)` is called when its clock starts, `phase_ended` when the last of its ranks
  // has left it.
  Team(sim::Loop& loop, const Plan& plan, std::function<void(std::uint32_t)> phase_begins,
       std::function<void(std::uint32_t)> phase_ended);

  // Waits until ranks 0 .. parties-1 have come to their next barrier of that many.
  sim::Task<void> barrier(std::uint32_t parties);
  // Waits for all ranks of the phase and gives the largest of the values they bring.
  sim::Task<std::uint64_t> largest(std::uint32_t parties, std::uint64_t value);

  void signal(std::uint32_t event) { events_[event].set(); }
  sim::Event::Wait await(std::uint32_t event) { return events_[event].wait(); }

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
  struct Meeting {
    explicit Meeting(sim::Loop& loop) : all_here(loop, "other ranks at a barrier") {}
    std::uint32_t arrived = 0;
    std::uint32_t gone = 0;
    std::uint64_t largest = 0;
    sim::Event all_here;
  };
  sim::Loop& loop_;
  const Plan& plan_;
  std::function<void(std::uint32_t)> phase_begins_;
  std::function<void(std::uint32_t)> phase_ended_;
  // By parties: the last one gathers, those before it are being left.
  std::map<std::uint32_t, std::list<Meeting>> meetings_;
  std::deque<sim::Event> events_;  // of the plan, by number
  std::vector<bool> clock_started_;
  std::vector<std::uint32_t> left_;
  std::vector<std::vector<std::uint64_t>> reached_;
  std::map<std::uint32_t, sim::TimePoint> test_began_;
};

}  // namespace scenarios
