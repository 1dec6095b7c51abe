// What the checker found, as text for people.
#pragma once

#include <string>

#include "reports/result.h"

namespace reports {

// A phase's line, of how stale its reads were and of what was dropped from caches.
std::string staleness_text(const ReadStaleness& staleness, const PhaseResult& phase);
// How often a cache was purged, and failed to be.
std::string purges_text(const PhaseResult& phase);
// The block of the run: which guarantees held and which did not, what became of writes, and the
// first of the stories.
std::string coherence_text(const Coherence& coherence);

// What became of clients and servers, in a line; nothing if all went well.
std::string liveness_text(const Liveness& liveness);

}  // namespace reports
