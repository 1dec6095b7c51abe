// Whether the faults of a scenario can happen to it.
#pragma once

#include <string>

#include "scenarios/faults.h"
#include "scenarios/spec.h"

namespace scenarios {

// Adds a fault for each thing that is planned for a node that is not there, for no time, twice at
// once, or in a world that cannot do it. `file` names the scenario in messages.
void check_faults(const Scenario& scenario, const std::string& file, Faults& faults);

}  // namespace scenarios
