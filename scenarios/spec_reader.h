// Reads a scenario and tells everything that is wrong with it at once.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "scenarios/library.h"
#include "scenarios/spec.h"
#include "sim/status.h"

namespace scenarios {

// Reads `source` after applying `sets` ("PATH=VALUE" each, see settings.h). The error's message has
// a line "FILE: PATH: what was found; what would be right" per fault, or "FILE:LINE:COLUMN: ..."
// when the text is not JSON. Workload and layout strings are kept as they are.
sim::Result<Scenario> read_scenario(const SourceText& source,
                                    std::span<const std::string> sets = {},
                                    const OpenHardware& open = open_hardware);

// Reads the library's scenario of that name, or the file at that path.
sim::Result<Scenario> load_scenario(std::string_view name_or_path,
                                    std::span<const std::string> sets = {});

}  // namespace scenarios
