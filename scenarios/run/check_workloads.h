// The part of checking a scenario that reads its workloads and layouts.
#pragma once

#include <set>
#include <string>

#include "scenarios/faults.h"
#include "scenarios/spec.h"
#include "scenarios/workload/workload.h"

namespace scenarios {

// Adds to `faults` what is wrong with the workloads and layouts, at the JSON path of the string it
// is in, with `file` for messages. What already has a fault is not judged again. Runs nothing.
void check_workloads(const Scenario& scenario, const std::string& file, Faults& faults);

// The different layouts, as options, that the files of a group's plan get.
std::set<std::string> layouts_of(const Plan& plan, const std::string& default_layout);

}  // namespace scenarios
