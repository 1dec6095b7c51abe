// Says where a phase's reads were served from, if that was not where one would think.
#pragma once

#include <string>
#include <vector>

#include "reports/result.h"
#include "scenarios/run/meter.h"

namespace scenarios {

// A sentence for each kind of cache that served more than half of what a phase read, and, of the
// object servers' caches, more than half of what the OSTs read: such a speed is the cache's, and
// says nothing of what is behind it. Phases that write too are left out.
std::vector<std::string> cache_notes(const reports::PhaseResult& phase,
                                     const Meter::Period& period);

}  // namespace scenarios
