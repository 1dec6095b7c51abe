// What the tests of the scenario file share.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "scenarios/spec_reader.h"

namespace scenarios {

// The smallest scenario that is right.
inline constexpr std::string_view kSmallest =
    R"({"name": "s", "cluster": {"osts": 2}, "clients": [{"workload": {"ior": "-w"}}]})";

inline sim::Result<Scenario> read(std::string_view text, std::span<const std::string> sets = {}) {
  return read_scenario({"t.json", "", std::string(text)}, {.sets = sets, .open = library_hardware});
}

// The smallest scenario with these settings.
inline sim::Result<Scenario> smallest_with(std::initializer_list<std::string> sets) {
  return read(kSmallest, std::span(sets.begin(), sets.size()));
}

// Why a scenario was refused; "accepted" when it was not.
inline std::string refusal(const sim::Result<Scenario>& scenario) {
  return scenario ? "accepted" : scenario.error().message;
}

}  // namespace scenarios
