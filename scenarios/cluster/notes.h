// What to know of a scenario's world before trusting its numbers.
#pragma once

#include <string>
#include <vector>

#include "scenarios/spec.h"

namespace scenarios {

// A sentence for each group of the cluster's figures that cannot act in the scenario's world, with
// their names.
std::vector<std::string> world_notes(const Scenario& scenario);

}  // namespace scenarios
