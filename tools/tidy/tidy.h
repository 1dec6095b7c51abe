#pragma once

#include <filesystem>
#include <vector>

#include "tools/tidy/source.h"

namespace tools {

// All checks of this folder on the tree below `root`, ordered by path, then line.
std::vector<Finding> check_tree(const std::filesystem::path& root);

}  // namespace tools
