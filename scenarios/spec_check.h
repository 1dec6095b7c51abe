// What a scenario must hold beyond the bounds of each single field.
#pragma once

#include <string>

#include "scenarios/faults.h"
#include "scenarios/spec.h"

namespace scenarios {

// Adds a fault per broken rule. Rules about fields that already have a fault are not judged.
void check_scenario(const Scenario& scenario, const std::string& file, Faults& faults);

}  // namespace scenarios
