// A shuffle that needs no table: position i of a random order of 0 .. n-1, computed when asked.
#pragma once

#include <array>
#include <cstdint>

#include "sim/rng.h"

namespace scenarios {

// A bijection of 0 .. n-1: a Feistel network on the smallest even number of bits that holds n,
// walked until it lands below n (Black and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002).
class Permutation {
 public:
  // n >= 1. The order is fixed by the draws taken from `rng`.
  Permutation(std::uint64_t n, sim::Rng rng);

  // i < n; the result is below n and different for every i. A few steps on average.
  std::uint64_t operator()(std::uint64_t i) const;

 private:
  static constexpr std::size_t kRounds = 6;

  std::uint64_t n_;
  unsigned half_bits_ = 1;
  std::array<std::uint64_t, kRounds> keys_{};
};

}  // namespace scenarios
