#include "reports/text_line.h"

#include <fmt/core.h>

namespace reports {

std::string line(std::string_view label, std::string_view text) {
  return fmt::format("  {:<11} {}\n", label, text);
}

std::string grouped(std::uint64_t n) {
  const std::string digits = fmt::format("{}", n);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) {
      text += ',';
    }
    text += digits[i];
  }
  return text;
}

}  // namespace reports
