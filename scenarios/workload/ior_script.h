// IOR's script files: "IOR START", settings "key=value", "RUN", more settings, "RUN", "IOR STOP".
#pragma once

#include <string_view>
#include <vector>

#include "scenarios/workload/ior_options.h"
#include "sim/status.h"

namespace scenarios {

// True when a line of `text` says "IOR START", whatever else it holds.
bool is_ior_script(std::string_view text);

// One entry per RUN. Settings persist from RUN to RUN; `#` starts a comment; text before IOR START
// and after IOR STOP is not looked at. Errors name the line.
sim::Result<std::vector<IorOptions>> parse_ior_script(std::string_view text);

}  // namespace scenarios
