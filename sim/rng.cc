#include "sim/rng.h"

#include <cmath>

namespace sim {
namespace {

std::uint64_t splitmix64(std::uint64_t& state) {
  std::uint64_t z = (state += 0x9E3779B97F4A7C15u);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

}  // namespace

Rng::Rng(std::uint64_t seed) : origin_(seed) {
  std::uint64_t state = seed;
  for (std::uint64_t& word : s_) {
    word = splitmix64(state);
  }
}

Rng Rng::split(std::string_view name, std::uint64_t index) const {
  std::uint64_t state = origin_ ^ 0xD1B54A32D192ED03u;
  std::uint64_t hash = splitmix64(state);
  for (const char c : name) {
    state ^= static_cast<unsigned char>(c);
    hash ^= splitmix64(state);
  }
  state ^= index;
  return Rng(hash ^ splitmix64(state));
}

std::uint64_t Rng::below(std::uint64_t bound) {
  check(bound > 0, "Rng::below needs a bound of at least 1");
  for (;;) {
    const auto product = static_cast<unsigned __int128>(next()) * bound;
    const auto low = static_cast<std::uint64_t>(product);
    if (low >= bound || low >= (0 - bound) % bound) {
      return static_cast<std::uint64_t>(product >> 64);
    }
  }
}

bool Rng::chance(std::uint64_t numerator, std::uint64_t denominator) {
  return below(denominator) < numerator;
}

Duration Rng::exponential(Duration mean) {
  // 1 - uniform() is exact and never zero; what is rounded is not negative.
  return Duration(
      static_cast<std::int64_t>(-std::log(1.0 - uniform()) * static_cast<double>(mean.ns()) + 0.5));
}

}  // namespace sim
