// Paths as the user means them.
#pragma once

#include <string>
#include <string_view>

namespace bench {

// The user's directory, or "" for the working directory. They differ under `bazel run`, which
// starts programs elsewhere and says in BUILD_WORKING_DIRECTORY where the user is.
std::string user_directory();

// Relative paths start in the user's directory.
std::string user_path(std::string_view path);

}  // namespace bench
