#pragma once

#include <string>
#include <string_view>

namespace tools {

// C++ text with comments and the insides of string and character literals replaced by spaces, line
// by line, so that every line keeps its number and every remaining character its column.
std::string blank_comments_and_literals(std::string_view text);

}  // namespace tools
