#include "stripe/layout/setstripe_text.h"

#include <fmt/core.h>

#include <array>
#include <charconv>
#include <optional>

#include "stripe/layout/limits.h"

namespace stripe {
namespace {

constexpr std::string_view kSuffixes = "KMGTP";

sim::Error refuse(std::string message) { return {sim::Errc::invalid_argument, std::move(message)}; }

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// All of `text` as a number, or nothing.
template <typename Number>
std::optional<Number> whole_number(std::string_view text, int base = 10) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

// The power of two a suffix stands for; 0 for no suffix, nothing for an unknown one.
std::optional<unsigned> suffix_bits(std::string_view suffix) {
  if (suffix.empty()) {
    return 0u;
  }
  const char upper = static_cast<char>(suffix.front() & ~0x20);
  const std::size_t place = kSuffixes.find(upper);
  if (suffix.size() != 1 || place == std::string_view::npos) {
    return std::nullopt;
  }
  return static_cast<unsigned>(10 * (place + 1));
}

sim::Result<std::uint32_t> parse_ost_index(std::string_view text) {
  const bool hex = text.starts_with("0x") || text.starts_with("0X");
  const auto index = whole_number<std::uint32_t>(hex ? text.substr(2) : text, hex ? 16 : 10);
  if (!index) {
    return refuse(fmt::format("\"{}\" is not an OST index; a list is written as 0-3,7", text));
  }
  return *index;
}

// Appends one part of a list: an index or a range.
sim::Status append_range(std::string_view part, std::vector<std::uint32_t>& osts) {
  const std::size_t dash = part.find('-');
  const sim::Result<std::uint32_t> first = parse_ost_index(part.substr(0, dash));
  if (!first) {
    return first.error();
  }
  const sim::Result<std::uint32_t> last =
      dash == std::string_view::npos ? first : parse_ost_index(part.substr(dash + 1));
  if (!last) {
    return last.error();
  }
  if (*last < *first) {
    return refuse(fmt::format("range {} of OSTs runs backwards; write {}-{}", part, *last, *first));
  }
  if (*last - *first >= kMaxStripeCount - osts.size()) {
    return refuse(fmt::format("the list of OSTs is longer than {}", kMaxStripeCount));
  }
  for (std::uint32_t ost = *first; ost <= *last; ++ost) {
    osts.push_back(ost);
    if (ost == *last) {
      break;
    }
  }
  return {};
}

}  // namespace

sim::Result<std::vector<std::string>> split_words(std::string_view text) {
  std::vector<std::string> words;
  bool in_word = false;
  char quote = '\0';
  for (const char c : text) {
    if (quote == '\0' && is_blank(c)) {
      in_word = false;
      continue;
    }
    if (!in_word) {
      words.emplace_back();
      in_word = true;
    }
    if (c == quote) {
      quote = '\0';
    } else if (quote == '\0' && (c == '"' || c == '\'')) {
      quote = c;
    } else {
      words.back() += c;
    }
  }
  if (quote != '\0') {
    return refuse(fmt::format("a {} is opened and never closed", quote));
  }
  return words;
}

sim::Result<sim::Bytes> parse_lfs_size(std::string_view text, std::string_view what) {
  const std::size_t digits = text.find_first_not_of("0123456789");
  const auto number = whole_number<sim::Bytes>(text.substr(0, digits));
  const auto bits =
      suffix_bits(digits == std::string_view::npos ? std::string_view() : text.substr(digits));
  if (!number || !bits) {
    return refuse(
        fmt::format("{} \"{}\" is not a size; write bytes, or a whole number with k, m, "
                    "g, t or p, as 1M",
                    what, text));
  }
  if (*number > sim::kEof >> *bits) {
    return refuse(fmt::format("{} \"{}\" is above 2^64-1 bytes", what, text));
  }
  return *number << *bits;
}

std::string print_lfs_size(sim::Bytes size) {
  std::size_t place = 0;
  while (size != 0 && place < kSuffixes.size() && size % sim::kKiB == 0) {
    size /= sim::kKiB;
    ++place;
  }
  return place == 0 ? fmt::format("{}", size) : fmt::format("{}{}", size, kSuffixes[place - 1]);
}

sim::Result<std::int64_t> parse_lfs_number(std::string_view text, std::string_view what,
                                           std::int64_t lowest, std::int64_t highest) {
  const auto number = whole_number<std::int64_t>(text);
  if (!number || *number < lowest || *number > highest) {
    return refuse(
        fmt::format("{} \"{}\" is not a whole number from {} to {}", what, text, lowest, highest));
  }
  return *number;
}

sim::Result<std::vector<std::uint32_t>> parse_ost_list(std::string_view text) {
  std::vector<std::uint32_t> osts;
  for (;;) {
    const std::size_t comma = text.find(',');
    if (sim::Status s = append_range(text.substr(0, comma), osts); !s) {
      return s.error();
    }
    if (comma == std::string_view::npos) {
      return osts;
    }
    text.remove_prefix(comma + 1);
  }
}

std::string print_ost_list(const std::vector<std::uint32_t>& osts) {
  std::string text;
  for (std::size_t i = 0; i < osts.size();) {
    std::size_t last = i;
    while (last + 1 < osts.size() && osts[last + 1] == osts[last] + 1) {
      ++last;
    }
    text += text.empty() ? "" : ",";
    text += last == i ? fmt::format("{}", osts[i]) : fmt::format("{}-{}", osts[i], osts[last]);
    i = last + 1;
  }
  return text;
}

}  // namespace stripe
