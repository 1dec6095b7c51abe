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

void WaitingList::close_up() {
  list_.erase(list_.begin(), list_.begin() + static_cast<std::ptrdiff_t>(head_));
  head_ = 0;
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
