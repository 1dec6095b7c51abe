// Where ranks wait for each other: barriers, and events they tell each other of.
#pragma once

#include <cstdint>
#include <deque>
#include <list>
#include <map>

#include "sim/sync.h"

namespace scenarios {

// One for every set of groups that work together. Barriers take no time of their own: the message
// exchange of an MPI barrier is not modelled.
class Rendezvous {
 public:
  explicit Rendezvous(sim::Loop& loop) : loop_(loop) {}

  // Waits until so many ranks have come to their next barrier of that many.
  sim::Task<void> barrier(std::uint32_t parties);
  // The same, and gives the largest of the values they bring.
  sim::Task<std::uint64_t> largest(std::uint32_t parties, std::uint64_t value);

  // There are at least so many events, numbered from 0; each happens once.
  void prepare(std::uint32_t events);
  void signal(std::uint32_t event) { events_[event].set(); }
  sim::Event::Wait await(std::uint32_t event) { return events_[event].wait(); }

 private:
  struct Meeting {
    explicit Meeting(sim::Loop& loop) : all_here(loop, "other ranks at a barrier") {}
    std::uint32_t arrived = 0;
    std::uint32_t gone = 0;
    std::uint64_t largest = 0;
    sim::Event all_here;
  };

  sim::Loop& loop_;
  // By parties: the last one gathers, those before it are being left.
  std::map<std::uint32_t, std::list<Meeting>> meetings_;
  std::deque<sim::Event> events_;  // by number
};

}  // namespace scenarios
