#include "transport/fabric/fast_port.h"

#include <algorithm>

#include "sim/status.h"

namespace transport::fast {
namespace {

struct Later {
  bool operator()(const Waiting& a, const Waiting& b) const {
    return a.key != b.key ? a.key > b.key : a.order > b.order;
  }
};

}  // namespace

void ReadyTimes::reset(std::uint32_t count) {
  if (capacity_ < count) {
    times_ = std::make_unique<sim::TimePoint[]>(count);
    capacity_ = count;
  }
  head_ = tail_ = 0;
}

void TurnRing::grow() {
  std::vector<Turn> larger(std::max<std::size_t>(4, 2 * slots_.size()));
  for (std::size_t i = 0; i < size_; ++i) {
    larger[i] = (*this)[i];
  }
  slots_ = std::move(larger);
  head_ = 0;
}

void WaitingHeap::push(const Waiting& waiting) {
  heap_.push_back(waiting);
  std::push_heap(heap_.begin(), heap_.end(), Later());
}

Waiting WaitingHeap::pop() {
  std::pop_heap(heap_.begin(), heap_.end(), Later());
  const Waiting waiting = heap_.back();
  heap_.pop_back();
  return waiting;
}

void Alarm::set(sim::TimePoint when) {
  if (at_ != kNever) {
    stale_.push_back(at_);
  }
  at_ = when;
}

bool Alarm::fired(sim::TimePoint now) {
  if (now == at_) {
    at_ = kNever;
    return true;
  }
  const auto it = std::find(stale_.begin(), stale_.end(), now);
  sim::check(it != stale_.end(), "a port was woken without an alarm");
  *it = stale_.back();
  stale_.pop_back();
  return false;
}

}  // namespace transport::fast
