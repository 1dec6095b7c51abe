// How the text for people is laid out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace reports {

// One indented line: a label of fixed width, then the text.
std::string line(std::string_view label, std::string_view text);
// 1234567 as "1,234,567".
std::string grouped(std::uint64_t n);

}  // namespace reports
