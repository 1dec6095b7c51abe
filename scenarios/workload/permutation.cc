#include "scenarios/workload/permutation.h"

#include "sim/status.h"

namespace scenarios {
namespace {

// The finalizer of splitmix64: every bit of the input moves every bit of the output.
std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

}  // namespace

Permutation::Permutation(std::uint64_t n, sim::Rng rng) : n_(n) {
  sim::check(n >= 1, "a permutation of nothing");
  while (half_bits_ < 32 && (std::uint64_t{1} << (2 * half_bits_)) < n) {
    ++half_bits_;
  }
  for (std::uint64_t& key : keys_) {
    key = rng.next();
  }
}

std::uint64_t Permutation::operator()(std::uint64_t i) const {
  sim::check(i < n_, "a position outside the permutation");
  const std::uint64_t mask = (std::uint64_t{1} << half_bits_) - 1;
  do {
    std::uint64_t left = i >> half_bits_;
    std::uint64_t right = i & mask;
    for (const std::uint64_t key : keys_) {
      const std::uint64_t mixed = left ^ (mix(right ^ key) & mask);
      left = right;
      right = mixed;
    }
    i = (left << half_bits_) | right;
  } while (i >= n_);
  return i;
}

}  // namespace scenarios
