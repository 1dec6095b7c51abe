// What a storage specialist would say about a layout.
#pragma once

#include <string>
#include <vector>

#include "bench/layout_source.h"

namespace bench {

// One sentence each, with the component it is about, in order of components. A layout may earn
// none.
std::vector<std::string> layout_warnings(const LayoutSource& source);

}  // namespace bench
