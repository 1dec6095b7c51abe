// Names what limits a phase.
#pragma once

#include <span>

#include "reports/result.h"

namespace reports {

// A resource this busy from first to last I/O is what limits the phase.
inline constexpr double kBusyEnough = 0.9;

// The busiest resource if its busy share is at least kBusyEnough; else latency-bound, naming the
// largest foreground stage; unknown when neither is there. Among equals the first listed wins.
Limit find_limit(std::span<const ResourceUse> resources, std::span<const StageTime> foreground);

// Sum of the stages' times.
sim::Duration total_time(std::span<const StageTime> stages);

}  // namespace reports
