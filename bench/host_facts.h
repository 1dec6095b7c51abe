// Facts of the machine that runs the harness, for the `host` block of a result.
#pragma once

#include <chrono>

#include "reports/result.h"

namespace bench {

// `began`: when the run did, by the calendar; `wall`: how long it took.
reports::Host host_facts(std::chrono::system_clock::time_point began,
                         std::chrono::steady_clock::duration wall);

}  // namespace bench
