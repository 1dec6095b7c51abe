// The version that results carry.
#pragma once

#include <string_view>

namespace bench {

inline constexpr std::string_view kVersion = "0.1.0";

}  // namespace bench
