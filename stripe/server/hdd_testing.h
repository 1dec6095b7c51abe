// The array that its tests run against.
#pragma once

#include <gtest/gtest.h>

#include <memory>

#include "stripe/server/device_testing.h"
#include "stripe/server/hdd_array.h"

namespace stripe {

// One rate all over the drive and no cache: closed formulas hold to the nanosecond.
inline HddArrayParams plain_array() {
  HddArrayParams p;
  p.disk.inner_rate = p.disk.outer_rate = sim::Rate(100 * sim::kMiB);
  p.cache = 0;
  return p;
}

class Hdd : public testing::Test {
 protected:
  void make(const HddArrayParams& params) {
    params_ = params;
    visits_.reset();
    array_ = std::make_unique<HddArray>(loop_, "ost0", params);
    visits_ = std::make_unique<Visits>(loop_, *array_);
  }
  sim::Duration elapsed(std::size_t i) { return (*visits_)[i].elapsed(); }
  sim::Duration total() { return visits_->last_end() - sim::TimePoint(); }
  void drain() {
    while (loop_.step()) {
    }
  }

  sim::Loop loop_{1};
  HddArrayParams params_;
  std::unique_ptr<HddArray> array_;
  std::unique_ptr<Visits> visits_;
};

}  // namespace stripe
