#pragma once

#include <vector>

#include "tools/tidy/source.h"

namespace tools {

// Names and headers that the project does without: what would make two runs of one seed differ,
// what belongs to the few files that meet the operating system, and what would let code ask which
// world it runs in. Each finding says what to use in its place.
std::vector<Finding> check_bans(const std::vector<Source>& sources);

}  // namespace tools
