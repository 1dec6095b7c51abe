#pragma once

#include <vector>

#include "tools/tidy/source.h"

namespace tools {

// Places where the order of a hash table or of addresses could reach a result: loops over
// containers whose declared type says "unordered", and ordered containers keyed by pointers. A loop
// whose result does not depend on the order says so in a comment with the words "any order", on its
// line or the one before. Only declarations in the same header and source file are seen. Tests are
// free.
std::vector<Finding> check_order(const std::vector<Source>& sources);

}  // namespace tools
