#include "cachemodel/ldlm/lock_resource.h"

#include <algorithm>

#include "sim/status.h"

namespace cachemodel {
namespace {

constexpr sim::Extent kWhole{0, sim::kEof};

}  // namespace

sim::Extent LockResource::grow(const Lock& lock) const {
  // A GROUP lock could grow over one of another group, which the rules of growth do not see.
  if (lock.no_expansion || lock.mode == LockMode::group) {
    return lock.requested;
  }
  ExtentGrowth growth({lock.mode, lock.requested, lock.client});
  growth.limit_by_granted(granted_.extents());
  for (const Lock& w : waiting_) {
    growth.limit_by_waiting({w.mode, w.requested, w.requested, w.client});
  }
  return growth.finish();
}

// Those bits to try that nobody has or waits for in an incompatible mode.
InodeBits LockResource::free_try_bits(const Lock& lock) const {
  InodeBits bits = granted_.free_bits(lock, lock.try_bits);
  for (const Lock& w : waiting_) {
    if (bits != 0 && incompatible(w, lock)) {
      bits &= ~w.bits;
    }
  }
  return bits;
}

// `lock` conflicts with nothing granted and is not in the waiting queue.
void LockResource::grant(Lock& lock) {
  sim::Extent extent = kWhole;
  if (granted_.type() == LockType::extent) {
    extent = grow(lock);
  } else {
    lock.bits |= free_try_bits(lock);
  }
  lock.try_bits = 0;
  granted_.insert(lock, extent);
}

EnqueueOutcome LockResource::enqueue(Lock& lock, bool non_blocking, sim::TimePoint now,
                                     std::vector<BlockingCallback>& blocking) {
  lock.waits_behind = 0;
  for (const Lock& w : waiting_) {
    lock.waits_behind += conflict(w, lock) ? 1 : 0;
  }
  if (lock.waits_behind == 0 && !granted_.conflicts(lock)) {
    if (lock.bits == 0 && free_try_bits(lock) == 0) {
      return EnqueueOutcome::would_block;
    }
    grant(lock);
    return EnqueueOutcome::granted;
  }
  count_contention(lock, now);
  if (non_blocking) {
    return EnqueueOutcome::would_block;
  }
  waiting_.push_back(lock);
  call_back_conflicting(lock, blocking);
  return EnqueueOutcome::waiting;
}

void LockResource::count_contention(const Lock& lock, sim::TimePoint now) {
  if (options_.rule == ContentionRule::none || granted_.type() != LockType::extent) {
    return;
  }
  // A glimpse is no use of the data.
  const bool glimpse = lock.mode == LockMode::pr && lock.requested == kWhole;
  const bool requested_only = options_.rule == ContentionRule::requested_overlap;
  if (glimpse && !requested_only) {
    return;
  }
  const std::size_t conflicts = granted_.count_conflicts(lock, requested_only) + lock.waits_behind;
  contention_.count(options_, conflicts, now);
}

void LockResource::call_back_conflicting(const Lock& lock,
                                         std::vector<BlockingCallback>& blocking) {
  found_.clear();
  granted_.collect_fresh(lock, found_);
  for (Lock* holder : found_) {
    granted_.call_back(*holder);
    blocking.push_back({holder->handle, holder->client, holder->bits & lock.bits});
  }
}

// Which bits of a granted lock others wait for.
InodeBits LockResource::wanted_of(const Lock& lock) const {
  InodeBits wanted = 0;
  for (const Lock& w : waiting_) {
    if (conflict(lock, w)) {
      wanted |= lock.bits & w.bits;
    }
  }
  return wanted;
}

void LockResource::grant_if_free(LockQueue::iterator place, LockCallbacks& out) {
  Lock& lock = *place;
  if (lock.waits_behind > 0 || granted_.conflicts(lock)) {
    return;
  }
  for (auto later = waiting_.erase(place); later != waiting_.end(); ++later) {
    later->waits_behind -= conflict(lock, *later) ? 1 : 0;
  }
  grant(lock);
  const InodeBits wanted = wanted_of(lock);
  if (wanted != 0) {
    granted_.call_back(lock);
  }
  out.completions.push_back({lock.handle, lock.client, lock.extent(), lock.bits, wanted});
}

void LockResource::remove(Lock& lock, LockCallbacks& out) {
  const bool waited = !lock.granted;
  auto it = waiting_.begin();
  if (waited) {
    it = waiting_.erase(waiting_.iterator_to(lock));  // those before it did not wait for it
  } else {
    granted_.erase(lock);
  }
  while (it != waiting_.end()) {
    const auto place = it++;
    if (conflict(lock, *place)) {
      place->waits_behind -= waited ? 1 : 0;
      grant_if_free(place, out);
    }
  }
}

void LockResource::drop_bits(Lock& lock, InodeBits drop, LockCallbacks& out) {
  const InodeBits dropped = lock.bits & drop;
  sim::check(dropped != lock.bits, "a lock that drops all its bits is cancelled");
  granted_.change_bits(lock, lock.bits & ~drop);
  for (auto it = waiting_.begin(); it != waiting_.end();) {
    const auto place = it++;
    if ((place->bits & dropped) != 0 && incompatible(lock, *place)) {
      grant_if_free(place, out);
    }
  }
  const InodeBits wanted = wanted_of(lock);
  if (wanted != 0) {
    granted_.call_back(lock);
    out.blocking.push_back({lock.handle, lock.client, wanted});
  }
}

void LockResource::glimpse(sim::Bytes known_size, const GlimpseAsked& asked,
                           std::vector<GlimpseCallback>& out) const {
  const bool highest_only = asked.locks.empty();
  const std::size_t first = out.size();
  const ExtentTree& writers = granted_.extents().tree(LockMode::pw);
  writers.visit_beyond_descending(known_size, [&](ExtentNode& node) {
    const Lock& lock = static_cast<Lock&>(node);
    const auto begin = out.begin() + static_cast<std::ptrdiff_t>(first);
    if (lock.handle <= asked.newest && !asked.locks.contains(lock.handle) &&
        !asked.answered.contains(lock.client) &&
        std::ranges::find(begin, out.end(), lock.client, &GlimpseCallback::client) == out.end()) {
      out.push_back({lock.handle, lock.client});
    }
    return lock.no_expansion || !highest_only;
  });
}

}  // namespace cachemodel
