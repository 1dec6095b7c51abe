// A running hash of everything that happened: two runs that did the same have the same digest.
#pragma once

#include <cstdint>

namespace sim {

class Digest {
 public:
  void fold(std::uint64_t value) {
    state_ = (state_ ^ value) * 0x9E3779B97F4A7C15u;
    state_ ^= state_ >> 29;
  }
  std::uint64_t value() const { return state_; }

 private:
  std::uint64_t state_ = 0xCBF29CE484222325u;
};

}  // namespace sim
