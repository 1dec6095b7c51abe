// How large an IOR job may be before it is refused: far past any published run, far below what
// would exhaust memory before the first operation.
#pragma once

#include <cstdint>

#include "sim/units.h"

namespace scenarios {

inline constexpr std::uint64_t kMaxIorTasks = std::uint64_t{1} << 20;
inline constexpr std::uint64_t kMaxIorRepetitions = 100'000;
inline constexpr std::uint64_t kMaxIorPhases = std::uint64_t{1} << 19;
inline constexpr std::uint64_t kMaxIorFiles = std::uint64_t{1} << 21;
// Written by all tests and repetitions together: sums of it in both directions fit 64 bits.
inline constexpr sim::Bytes kMaxIorBytes = std::uint64_t{1} << 60;
inline constexpr std::uint64_t kMaxIorText = std::uint64_t{1} << 20;  // bytes of line or script

}  // namespace scenarios
