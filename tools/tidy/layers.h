#pragma once

#include <vector>

#include "tools/tidy/source.h"

namespace tools {

// Includes that go against the arrows of docs/architecture.md, or that are not written from the
// workspace's root.
std::vector<Finding> check_layers(const std::vector<Source>& sources);

}  // namespace tools
