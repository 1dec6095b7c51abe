#include "sim/event_queue.h"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <limits>

namespace sim {
namespace {

// Up to this many entries a bucket is sorted at once instead of spread over smaller ones.
constexpr std::size_t kSortLimit = 32;

// With more than this pending, what they touch is in no cache near the processor: it is fetched
// when a bucket of up to kPrefetchLimit entries is spread, not only when a part of it is sorted.
constexpr std::size_t kManyPending = 16'384;
constexpr std::size_t kPrefetchLimit = 96;

// A bucket no wider than this (67 ms) is sorted by keys of 31 bits: a time, and behind it the
// number of its entry in the bucket, of kPlaceBits.
constexpr std::size_t kPlaceBits = 5;
constexpr std::size_t kNarrow = 31 - kPlaceBits;
static_assert(kSortLimit == std::size_t{1} << kPlaceBits);
using Keys = std::array<std::int32_t, kSortLimit>;

// How many of the first `kCount` keys are less than `key`. Always the same number of steps, so that
// the compiler compares several keys at once.
template <std::size_t kCount>
std::int32_t less(const Keys& keys, std::int32_t key) {
  std::int32_t count = 0;
  for (std::size_t i = 0; i < kCount; ++i) {
    count += keys[i] < key ? 1 : 0;
  }
  return count;
}

// What a list of entries has room for at first.
constexpr std::size_t kLeast = 16;

// The callbacks of a new run fire soon. Measured: 2.5 times the rate at a million pending
// coroutines.
void prefetch(const Callback* callback) {
  const char* line = reinterpret_cast<const char*>(callback);
  __builtin_prefetch(line);
  __builtin_prefetch(line + 64);
  __builtin_prefetch(line - 64);
}

bool earlier(const EventQueue::Entry& a, const EventQueue::Entry& b) { return a.time < b.time; }

}  // namespace

// How often each (time, callback) was cancelled and not met since.
class EventQueue::Cancelled {
 public:
  void add(const Entry& entry) { ++times_[entry]; }
  // True if it was there; once less now.
  bool take(const Entry& entry) {
    const auto it = times_.find(entry);
    if (it == times_.end()) {
      return false;
    }
    if (--it->second == 0) {
      times_.erase(it);
    }
    return true;
  }

 private:
  struct Hash {
    std::size_t operator()(const Entry& e) const {
      const auto p = reinterpret_cast<std::uintptr_t>(e.callback);
      return static_cast<std::size_t>((e.time ^ (p >> 4)) * 0x9E3779B97F4A7C15u);
    }
  };
  boost::unordered_flat_map<Entry, std::uint32_t, Hash> times_;
};

EventQueue::EventQueue() : cancelled_(std::make_unique<Cancelled>()) {}
EventQueue::~EventQueue() = default;

std::optional<std::size_t> EventQueue::lowest_bucket() const {
  if (occupied_ == 0) {
    return std::nullopt;
  }
  return static_cast<std::size_t>(std::countr_zero(occupied_)) + 1;
}

// Behind its equals. From the back: what is scheduled is mostly later than what is pending.
void EventQueue::insert_into_run(std::uint64_t time, Callback* callback) {
  if (run_.size() - run_head_ >= kLongestRun && run_width_ > 0) {
    dissolve_run();
    put(time, callback);
    return;
  }
  run_.emplace_back();
  std::size_t at = run_.size() - 1;
  while (at > run_head_ && run_[at - 1].time > time) {
    run_[at] = run_[at - 1];
    --at;
  }
  run_[at].time = time;
  run_[at].callback = callback;
}

void EventQueue::grow(std::vector<Entry>& v) { v.reserve(std::max(kLeast, v.capacity() * 2)); }
void EventQueue::grow(std::vector<Callback*>& v) { v.reserve(std::max(kLeast, v.capacity() * 2)); }

// Only what is due at the time last popped stays.
void EventQueue::dissolve_run() {
  std::size_t kept = 0;
  for (std::size_t i = run_head_; i < run_.size(); ++i) {
    const Entry entry = run_[i];
    if (entry.time == last_) {
      run_[kept++] = entry;
    } else {
      append(bucket_of(entry.time), entry.time, entry.callback);
    }
  }
  run_.resize(kept);
  run_head_ = 0;
  run_width_ = 0;
}

bool EventQueue::refill(std::uint64_t limit) {
  run_.clear();
  run_head_ = 0;
  while (const auto lowest = lowest_bucket()) {
    if (buckets_[*lowest].size() <= kSortLimit) {
      sort_into_run(*lowest);
      return true;
    }
    if (spread(*lowest, limit)) {
      return true;
    }
    if (!buckets_[*lowest].empty()) {
      return false;
    }
    emptied(*lowest);
  }
  return false;
}

// Each entry's place is the number of those that go before it. Counted by comparing all with all:
// without a branch that depends on the times, which is faster here than any sort that has one.
void EventQueue::sort_into_run(std::size_t bucket) {
  const Bucket& from = buckets_[bucket];
  run_.resize(from.size());
  if (bucket >= warm_below_) {
    for (const Entry& e : from) {
      prefetch(e.callback);
    }
  }
  if (bucket > kNarrow) {
    sort_wide(from);
  } else if (from.size() <= 8) {
    sort_narrow<8>(from, bucket);
  } else if (from.size() <= 16) {
    sort_narrow<16>(from, bucket);
  } else {
    sort_narrow<kSortLimit>(from, bucket);
  }
  run_width_ = bucket;
  emptied(bucket);
}

template <std::size_t kCount>
void EventQueue::sort_narrow(const Bucket& from, std::size_t bucket) {
  const std::uint64_t low = (std::uint64_t{1} << bucket) - 1;
  Keys keys;
  keys.fill(std::numeric_limits<std::int32_t>::max());
  for (std::size_t i = 0; i < from.size(); ++i) {
    keys[i] = static_cast<std::int32_t>((from[i].time & low) << kPlaceBits | i);
  }
  for (std::size_t i = 0; i < from.size(); ++i) {
    run_[static_cast<std::size_t>(less<kCount>(keys, keys[i]))] = from[i];
  }
}

void EventQueue::sort_wide(const Bucket& from) {
  std::array<std::uint32_t, kSortLimit> place;
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::uint32_t before = 0;
    for (std::size_t j = 0; j < i; ++j) {
      const std::uint32_t later = from[j].time > from[i].time ? 1 : 0;
      place[j] += later;
      before += later;
    }
    place[i] = static_cast<std::uint32_t>(i) - before;
  }
  for (std::size_t i = 0; i < from.size(); ++i) {
    run_[place[i]] = from[i];
  }
}

// Moves the queue's time to the bucket's earliest, which is about to be popped, and its entries to
// the buckets below. False if that earliest is later than `limit`, or if all were dead.
bool EventQueue::spread(std::size_t bucket, std::uint64_t limit) {
  Bucket& from = buckets_[bucket];
  if (dead_ > 0) {
    std::erase_if(from, [this](const Entry& e) { return take_if_dead(e); });
  }
  if (from.empty()) {
    return false;
  }
  const std::uint64_t first = std::min_element(from.begin(), from.end(), earlier)->time;
  if (first > limit) {
    return false;
  }
  last_ = first;
  run_width_ = 0;
  warm_below_ = 0;
  if (live_ > kManyPending && from.size() <= kPrefetchLimit) {
    warm_below_ = bucket;
    for (const Entry& e : from) {
      prefetch(e.callback);
    }
  }
  for (const Entry& e : from) {
    const std::size_t b = bucket_of(e.time);
    if (b == 0) {
      run_.push_back(e);
    } else {
      append(b, e.time, e.callback);
    }
  }
  emptied(bucket);
  return true;
}

std::optional<std::uint64_t> EventQueue::next_time() {
  if (dead_ > 0) {
    sweep();
  }
  if (ready_head_ < ready_.size()) {
    return last_;
  }
  if (run_head_ < run_.size()) {
    return run_[run_head_].time;
  }
  const auto lowest = lowest_bucket();
  if (!lowest) {
    return std::nullopt;
  }
  return std::min_element(buckets_[*lowest].begin(), buckets_[*lowest].end(), earlier)->time;
}

void EventQueue::cancel(std::uint64_t time, Callback& callback) {
  check(live_ > 0, "cancelled an event that is not pending");
  cancelled_->add({time, &callback});
  ++dead_;
  --live_;
  if (dead_ > live_ + 1024) {
    sweep();
  }
}

bool EventQueue::take_if_dead(const Entry& entry) {
  if (!cancelled_->take(entry)) {
    return false;
  }
  --dead_;
  return true;
}

void EventQueue::sweep() {
  ready_.erase(ready_.begin(), ready_.begin() + static_cast<std::ptrdiff_t>(ready_head_));
  ready_head_ = 0;
  std::erase_if(ready_, [this](Callback* c) { return take_if_dead({last_, c}); });
  run_.erase(run_.begin(), run_.begin() + static_cast<std::ptrdiff_t>(run_head_));
  run_head_ = 0;
  std::erase_if(run_, [this](const Entry& e) { return take_if_dead(e); });
  for (std::size_t b = 1; b < buckets_.size(); ++b) {
    std::erase_if(buckets_[b], [this](const Entry& e) { return take_if_dead(e); });
    if (buckets_[b].empty()) {
      emptied(b);
    }
  }
  check(dead_ == 0, "cancelled an event that was never scheduled");
}

}  // namespace sim
