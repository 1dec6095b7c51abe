// Prints a scenario as the effective configuration: every field of every struct, presets and
// hardware files resolved. Reading it back gives the same scenario.
#pragma once

#include <string>

#include "scenarios/spec.h"

namespace scenarios {

// JSON, indented by two, ending in a newline; the same text for equal scenarios.
std::string print_config(const Scenario& scenario);

// FNV-1a (64 bits) of the configuration without its seed, as 16 hex digits: scenarios that differ
// in the seed alone ask the same question. What varies and what is expected are no part of it.
std::string scenario_hash(const Scenario& scenario);

}  // namespace scenarios
