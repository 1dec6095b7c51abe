// The pending callbacks of a loop, in order of (time, order of scheduling).
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "sim/callback.h"
#include "sim/status.h"

namespace sim {

// A monotone radix heap (Ahuja, Mehlhorn, Orlin, Tarjan 1990) whose nearest bucket is kept sorted:
// amortised O(1) per event however many are pending. Equal times leave in the order they came
// without a sequence number, because equal keys always share a bucket, and neither spreading nor
// sorting one changes their order. Times pushed must not lie before the last time popped.
class EventQueue {
 public:
  struct Entry {
    std::uint64_t time;
    Callback* callback;
    bool operator==(const Entry&) const = default;
  };

  EventQueue();
  ~EventQueue();

  void push(std::uint64_t time, Callback& callback) {
    check(time >= last_, "an event was scheduled in the past");
    ++live_;
    if (time == last_) {
      make_room(ready_);
      ready_.push_back(&callback);
    } else {
      put(time, &callback);
    }
  }

  // The earliest entry if its time is at most `limit`. Only an entry that is returned moves the
  // queue's own time, so any later push at or after the last time popped stays legal.
  std::optional<Entry> pop(std::uint64_t limit) {
    for (;;) {
      Entry entry;
      if (ready_head_ < ready_.size() && !run_has(last_)) {
        if (last_ > limit) {
          return std::nullopt;
        }
        entry = {last_, ready_[ready_head_++]};
        if (ready_head_ == ready_.size()) {
          ready_.clear();
          ready_head_ = 0;
        }
      } else if (run_head_ < run_.size() || refill(limit)) {
        entry = run_[run_head_];
        if (entry.time > limit) {
          return std::nullopt;
        }
        ++run_head_;
        prefetch_next_but_one();
      } else {
        return std::nullopt;
      }
      if (dead_ == 0 || !take_if_dead(entry)) [[likely]] {
        last_ = entry.time;
        --live_;
        return entry;
      }
    }
  }

  // The earliest pending time. Linear in one bucket; not for the inner loop.
  std::optional<std::uint64_t> next_time();

  // Takes back one entry that was pushed as (time, callback) and has not been popped. O(1): it is
  // remembered as dead and skipped; dead entries are swept when they outnumber the living.
  void cancel(std::uint64_t time, Callback& callback);

  std::size_t size() const { return live_; }
  bool empty() const { return live_ == 0; }

 private:
  using Bucket = std::vector<Entry>;
  class Cancelled;

  // A run this long is cheaper to spread over buckets again than to keep sorted.
  static constexpr std::size_t kLongestRun = 64;

  // Not while there are dead entries: what those point to may have gone.
  void prefetch_next_but_one() const {
    if (dead_ == 0 && run_head_ + 1 < run_.size()) {
      __builtin_prefetch(run_[run_head_ + 1].callback->touches);
    }
  }
  bool run_has(std::uint64_t time) const {
    return run_head_ < run_.size() && run_[run_head_].time == time;
  }
  std::size_t bucket_of(std::uint64_t time) const {
    return static_cast<std::size_t>(std::bit_width(time ^ last_));
  }
  // Time and callback are handed on apart: an entry that is written as two words and read at once
  // as one of sixteen bytes makes the processor wait for the writes.
  void put(std::uint64_t time, Callback* callback) {
    const std::size_t b = bucket_of(time);
    if (b <= run_width_) {
      insert_into_run(time, callback);
    } else {
      append(b, time, callback);
    }
  }
  void append(std::size_t b, std::uint64_t time, Callback* callback) {
    make_room(buckets_[b]);
    Entry& e = buckets_[b].emplace_back();
    e.time = time;
    e.callback = callback;
    occupied_ |= std::uint64_t{1} << (b - 1);
  }
  // So that growing, which is rare, is not part of every push's code.
  template <typename T>
  static void make_room(std::vector<T>& v) {
    if (v.size() == v.capacity()) [[unlikely]] {
      grow(v);
      if (v.size() == v.capacity()) {
        __builtin_unreachable();
      }
    }
  }
  static void grow(std::vector<Entry>& v);
  static void grow(std::vector<Callback*>& v);
  void insert_into_run(std::uint64_t time, Callback* callback);
  void dissolve_run();
  // With the run read to its end: makes the lowest bucket the run. False if there is none, or, for
  // a bucket too large to sort, if its earliest living entry is later than `limit`.
  bool refill(std::uint64_t limit);
  void sort_into_run(std::size_t bucket);
  template <std::size_t kCount>
  void sort_narrow(const Bucket& from, std::size_t bucket);
  void sort_wide(const Bucket& from);
  bool spread(std::size_t bucket, std::uint64_t limit);
  bool take_if_dead(const Entry& entry);
  void emptied(std::size_t bucket) {
    buckets_[bucket].clear();
    occupied_ &= ~(std::uint64_t{1} << (bucket - 1));
  }
  void sweep();
  std::optional<std::size_t> lowest_bucket() const;

  // Every entry stands in one of three places. ready_: pushed for the very time last popped.
  // run_, sorted, from run_head_ on: differs from last_ in none but the lowest run_width_ bits.
  // buckets_[i], i > run_width_: bit i-1 is the highest in which it differs from last_.
  std::array<Bucket, 65> buckets_;
  std::uint64_t occupied_ = 0;  // bit i-1: buckets_[i] is not empty
  std::uint64_t last_ = 0;
  std::vector<Callback*> ready_;
  std::size_t ready_head_ = 0;
  std::vector<Entry> run_;
  std::size_t run_head_ = 0;
  std::size_t run_width_ = 0;
  std::size_t warm_below_ = 0;  // what stands in buckets below this one has been prefetched
  std::size_t live_ = 0;
  std::size_t dead_ = 0;
  std::unique_ptr<Cancelled> cancelled_;  // a pointer: nearly every file includes this header
};

}  // namespace sim
