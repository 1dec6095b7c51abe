// The only source of randomness: a small generator with value semantics, split by name from the
// run's seed, so that adding a consumer never disturbs the draws of another.
#pragma once

#include <bit>
#include <cstdint>
#include <string_view>

#include "sim/units.h"

namespace sim {

// xoshiro256++ seeded through splitmix64 (Blackman and Vigna, "Scrambled linear pseudorandom number
// generators", 2019). The same sequence on every platform and compiler.
class Rng {
 public:
  explicit Rng(std::uint64_t seed);

  // An independent stream for `name` (and `index` among equals). Does not advance this generator.
  Rng split(std::string_view name, std::uint64_t index = 0) const;

  std::uint64_t next() {
    const std::uint64_t result = std::rotl(s_[0] + s_[3], 23) + s_[0];
    const std::uint64_t t = s_[1] << 17;
    s_[2] ^= s_[0];
    s_[3] ^= s_[1];
    s_[1] ^= s_[2];
    s_[0] ^= s_[3];
    s_[2] ^= t;
    s_[3] = std::rotl(s_[3], 45);
    return result;
  }
  // Uniform in [0, bound), without bias (Lemire's method). bound >= 1.
  std::uint64_t below(std::uint64_t bound);
  // Uniform in [0, 1) with 53 random bits.
  double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  // True with probability numerator / denominator.
  bool chance(std::uint64_t numerator, std::uint64_t denominator);
  // Exponential with the given mean, rounded to whole nanoseconds.
  Duration exponential(Duration mean);

 private:
  std::uint64_t origin_;
  std::uint64_t s_[4];
};

}  // namespace sim
