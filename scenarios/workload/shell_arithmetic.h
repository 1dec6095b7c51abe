// The arithmetic of $((...)) in a shell's command line, with numbers only.
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/status.h"

namespace scenarios {

// The value of `expression`, which has no variables: whole numbers (decimal, 0x.. and 0..), + - * /
// % and brackets, with C's precedence and its rounding towards zero. Refused with what was found:
// names, other operators, division by zero, and what 64 bits do not hold.
sim::Result<std::int64_t> shell_arithmetic(std::string_view expression);

}  // namespace scenarios
