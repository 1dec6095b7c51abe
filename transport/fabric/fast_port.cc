#include "transport/fabric/fast_port.h"

#include <algorithm>

#include "sim/status.h"

namespace transport::fast {
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
  std::size_t hole = heap_.size() - 1;
  for (; hole > 0 && waiting.before(heap_[(hole - 1) / 2]); hole = (hole - 1) / 2) {
    heap_[hole] = heap_[(hole - 1) / 2];
  }
  heap_[hole] = waiting;
}

void WaitingHeap::pop() {
  const Waiting last = heap_.back();
  heap_.pop_back();
  if (!heap_.empty()) {
    sink(last, heap_.size());
  }
}

// Fills the hole at the front of a heap of `size`.
void WaitingHeap::sink(const Waiting& waiting, std::size_t size) {
  std::size_t hole = 0;
  for (std::size_t child = 1; child < size; child = 2 * hole + 1) {
    if (child + 1 < size && heap_[child + 1].before(heap_[child])) {
      ++child;
    }
    if (!heap_[child].before(waiting)) {
      break;
    }
    heap_[hole] = heap_[child];
    hole = child;
  }
  heap_[hole] = waiting;
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
