// The right side of a threshold: ">= 1GiB/s", "<= 25us", "> 0", "< 90 %", "== 0", "in [0.9, 1.1]".
#pragma once

#include <cstdint>
#include <string_view>

#include "reports/sweep.h"
#include "sim/status.h"

namespace scenarios {

enum class Comparison : std::uint8_t { at_least, at_most, equal, above, below, within };

struct Bound {
  Comparison comparison = Comparison::at_least;
  double low = 0;   // the number compared with; of within, the smallest allowed
  double high = 0;  // of within, the largest allowed

  bool holds(double value) const;
  // How far `value` is inside the bound; negative outside.
  double margin(double value) const;
};

// Reads it in numbers of `unit`, which must be named where there is one, except for 0.
// invalid_argument says what was found and what would be right.
sim::Result<Bound> parse_bound(std::string_view text, reports::Unit unit);

}  // namespace scenarios
