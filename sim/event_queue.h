// The pending callbacks of a loop, in order of (time, order of scheduling).
#pragma once

#include <array>
#include <bit>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "sim/callback.h"
#include "sim/status.h"

namespace sim {

// A monotone radix heap (Ahuja, Mehlhorn, Orlin, Tarjan 1990): amortised O(1) per event however
// many are pending. Equal times leave in the order they came without a sequence number, because
// equal keys always share a bucket and redistribution keeps order. Times pushed must not lie before
// the last time popped.
class EventQueue {
 public:
  struct Entry {
    std::uint64_t time;
    Callback* callback;
  };

  void push(std::uint64_t time, Callback& callback) {
    check(time >= last_, "an event was scheduled in the past");
    put({time, &callback});
    ++live_;
  }

  // The earliest entry if its time is at most `limit`. Only an entry that is returned moves the
  // queue's own time, so any later push at or after the last time popped stays legal.
  std::optional<Entry> pop(std::uint64_t limit) {
    while (head_ < buckets_[0].size() || refill(limit)) {
      if (last_ > limit) {
        return std::nullopt;
      }
      const Entry entry = buckets_[0][head_++];
      if (dead_ == 0 || !take_if_dead(entry)) [[likely]] {
        --live_;
        return entry;
      }
    }
    return std::nullopt;
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
  struct Key {
    std::uint64_t time;
    const Callback* callback;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& k) const {
      const auto p = reinterpret_cast<std::uintptr_t>(k.callback);
      return static_cast<std::size_t>((k.time ^ (p >> 4)) * 0x9E3779B97F4A7C15u);
    }
  };

  void put(const Entry& entry) {
    const auto b = static_cast<std::size_t>(std::bit_width(entry.time ^ last_));
    buckets_[b].push_back(entry);
    if (b > 0) {
      occupied_ |= std::uint64_t{1} << (b - 1);
    }
  }
  bool take_if_dead(const Entry& entry);
  bool is_dead(const Entry& entry) const;
  // With bucket 0 read to its end: moves to the earliest living time, if that is at most `limit`.
  bool refill(std::uint64_t limit);
  void spread(std::size_t bucket);
  void sweep();
  std::optional<std::size_t> lowest_bucket() const;

  // buckets_[i], i > 0, holds times whose highest bit that differs from last_ is bit i-1.
  // buckets_[0] holds times equal to last_ and is read from head_ on.
  std::array<Bucket, 65> buckets_;
  std::uint64_t occupied_ = 0;  // bit i-1: buckets_[i] is not empty
  std::uint64_t last_ = 0;
  std::size_t head_ = 0;
  std::size_t live_ = 0;
  std::size_t dead_ = 0;
  boost::unordered_flat_map<Key, std::uint32_t, KeyHash> cancelled_;
};

}  // namespace sim
