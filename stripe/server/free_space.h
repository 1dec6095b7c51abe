// The free ranges of a device.
#pragma once

#include <map>

#include "sim/units.h"

namespace stripe {

// Next fit: every search begins where the last one ended and goes round once, so that what is taken
// one after another stands one behind another.
class FreeSpace {
 public:
  // All of [0, capacity) is free.
  explicit FreeSpace(sim::Bytes capacity);

  sim::Bytes size() const { return size_; }
  // Takes `length` adjacent bytes. Empty if none of the next kMaxScan free ranges is that long.
  sim::Extent take_run(sim::Bytes length);
  // Takes what comes next, at most `length` bytes. Something must be free.
  sim::Extent take_some(sim::Bytes length);
  // Gives back what was taken, or any part of it.
  void give(sim::Extent range);

  // As ext4's mb_max_to_scan: looking on costs more than a worse place does.
  static constexpr int kMaxScan = 200;

 private:
  using Ranges = std::map<sim::Bytes, sim::Bytes>;  // begin to end; no two touch
  Ranges::iterator next();
  sim::Extent take(Ranges::iterator it, sim::Bytes length);

  Ranges ranges_;
  sim::Bytes size_;
  sim::Bytes cursor_ = 0;
};

}  // namespace stripe
