#pragma once

#include <vector>

#include "tools/tidy/source.h"

namespace tools {

// Sources and headers that no BUILD file names, and so nobody compiles. The nearest BUILD file
// above counts; it may name a file in quotes, by a pattern ("*_fuzz.cc"), or by its stem if it
// builds its targets from lists of stems.
std::vector<Finding> check_build_files(const std::vector<Source>& sources);

}  // namespace tools
