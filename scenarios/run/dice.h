// What scenarios are drawn with. A seed must name the same scenario whichever compiler built the
// program, and the order in which arguments of a function are evaluated is the compiler's choice;
// that of a braced list is not.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "sim/rng.h"

namespace scenarios {

// A text with drawn values in it: DrawnText{"{} {}", draw(), draw()}.text, always with braces.
struct DrawnText {
  template <typename... Values>
  DrawnText(fmt::format_string<Values...> pattern, Values... values)
      : text(fmt::vformat(pattern, fmt::make_format_args(values...))) {}
  std::string text;
};

class Dice {
 public:
  // Two generators that differ in `name` draw apart from one seed.
  Dice(std::uint64_t seed, std::string_view name) : rng_(sim::Rng(seed).split(name)) {}

  std::uint64_t below(std::uint64_t bound) { return rng_.below(bound); }
  std::uint64_t from_1_to(std::uint64_t most) { return 1 + rng_.below(most); }
  bool chance(std::uint64_t numerator, std::uint64_t denominator) {
    return rng_.chance(numerator, denominator);
  }
  bool coin() { return rng_.chance(1, 2); }
  std::string_view flag() { return coin() ? "true" : "false"; }
  template <typename T>
  T pick(std::initializer_list<T> choices) {
    return *(choices.begin() + rng_.below(choices.size()));
  }
  std::string_view word(std::initializer_list<std::string_view> choices) { return pick(choices); }

 private:
  sim::Rng rng_;
};

}  // namespace scenarios
