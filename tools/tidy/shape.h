#pragma once

#include <vector>

#include "tools/tidy/source.h"

namespace tools {

// Size and spelling: files of at most 300 lines (BUILD files excepted) and 100 columns, functions
// of at most 60 lines, `#pragma once` in every header, no `using namespace` there, no commented-out
// statements, no marks of unfinished work, no paths of somebody's machine.
std::vector<Finding> check_shape(const std::vector<Source>& sources);

}  // namespace tools
