#include "bench/layout_source.h"

#include <fmt/core.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

#include "stripe/layout/instantiate.h"
#include "stripe/layout/lov_ea.h"
#include "stripe/layout/setstripe.h"

namespace bench {
namespace {

constexpr std::size_t kMaxFile = std::size_t{1} << 20;
constexpr std::uint32_t kAssumedOsts = 8;

sim::Error refuse(std::string message) { return {sim::Errc::invalid_argument, std::move(message)}; }

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

bool is_text(std::string_view content) {
  return std::all_of(content.begin(), content.end(),
                     [](char c) { return is_blank(c) || (c > ' ' && c < '\x7f'); });
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// The digits of a hexadecimal text: no blanks, comments, attribute name or 0x.
std::string hex_digits(std::string_view content) {
  std::string digits;
  while (!content.empty()) {
    const std::string_view line = content.substr(0, content.find('\n'));
    content.remove_prefix(std::min(line.size() + 1, content.size()));
    if (line.starts_with('#')) {
      continue;
    }
    const std::size_t prefix = line.find("0x");
    const std::string_view rest = prefix == std::string_view::npos ? line : line.substr(prefix + 2);
    std::copy_if(rest.begin(), rest.end(), std::back_inserter(digits),
                 [](char c) { return !is_blank(c); });
  }
  return digits;
}

sim::Result<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return sim::Error{sim::Errc::not_found,
                      fmt::format("\"{}\" cannot be opened; give lfs setstripe options or a file "
                                  "with layout bytes",
                                  path)};
  }
  std::string content(kMaxFile + 1, '\0');
  file.read(content.data(), static_cast<std::streamsize>(content.size()));
  if (file.bad()) {
    return sim::Error{sim::Errc::io_error, fmt::format("\"{}\" cannot be read", path)};
  }
  content.resize(static_cast<std::size_t>(file.gcount()));
  if (content.size() > kMaxFile) {
    return refuse(fmt::format("\"{}\" is larger than 1 MiB, and no layout is", path));
  }
  return content;
}

sim::Result<LayoutSource> from_file(const std::string& path,
                                    std::optional<std::uint32_t> ost_count) {
  const auto content = read_file(path);
  if (!content) {
    return content.error();
  }
  const auto bytes = layout_bytes(*content);
  if (!bytes) {
    return bytes.error();
  }
  auto layout = stripe::decode_lov_ea(*bytes);
  if (!layout) {
    return layout.error();
  }
  return LayoutSource{std::move(*layout), std::nullopt, ost_count.value_or(0), false};
}

// The OSTs that `wanted` cannot do without.
std::uint32_t needed_osts(const stripe::LayoutTemplate& wanted) {
  std::uint32_t needed = 1;
  for (const stripe::MirrorTemplate& mirror : wanted.mirrors) {
    for (const stripe::ComponentTemplate& c : mirror.components) {
      const auto count = c.stripe_count < 0   ? kAssumedOsts
                         : c.stripe_count > 0 ? static_cast<std::uint32_t>(c.stripe_count)
                                              : stripe::kDefaultStripeCount;
      needed = std::max(needed, c.osts.empty() ? c.first_ost.value_or(0) + count : 1);
      for (const std::uint32_t ost : c.osts) {
        needed = std::max(needed, ost + 1);
      }
    }
  }
  return needed;
}

// Gives the components their OSTs, one after the other, as an MDT does for a new file: those that
// begin at 0. The others get objects when something is first written there; until then only what
// their options name is checked.
sim::Status assign_osts(LayoutSource& source) {
  std::uint32_t next = 0;
  std::uint64_t number = 0;
  for (std::size_t place = 0; place < source.layout.components.size(); ++place) {
    if (source.layout.components[place].on_mdt()) {
      continue;
    }
    const auto osts =
        stripe::round_robin_osts(*source.wanted, source.layout, place, source.ost_count, next);
    if (!osts) {
      return osts.error();
    }
    if (source.layout.components[place].extent.begin > 0) {
      continue;
    }
    std::vector<stripe::StripeObject> objects;
    for (const std::uint32_t ost : *osts) {
      objects.push_back({{0, ++number}, 0, ost});
    }
    next += static_cast<std::uint32_t>(osts->size());
    if (sim::Status s = stripe::instantiate(source.layout, place, std::move(objects)); !s) {
      return s;
    }
  }
  return {};
}

sim::Result<LayoutSource> from_options(const std::string& options,
                                       std::optional<std::uint32_t> ost_count) {
  auto wanted = stripe::parse_setstripe(options);
  if (!wanted) {
    return wanted.error();
  }
  LayoutSource source;
  source.ost_count = ost_count.value_or(needed_osts(*wanted));
  source.ost_count_assumed = !ost_count;
  stripe::StripeDefaults defaults;
  defaults.ost_count = source.ost_count;
  auto layout = stripe::make_layout(*wanted, defaults);
  if (!layout) {
    return layout.error();
  }
  source.layout = std::move(*layout);
  source.wanted = std::move(*wanted);
  if (sim::Status s = assign_osts(source); !s) {
    return s.error();
  }
  return source;
}

}  // namespace

bool is_setstripe(std::string_view argument) {
  const std::size_t first = argument.find_first_not_of(" \t");
  return first == std::string_view::npos || argument[first] == '-' ||
         argument.substr(first) == "lfs" || argument.substr(first).starts_with("lfs ");
}

sim::Result<std::vector<std::byte>> layout_bytes(std::string_view content) {
  std::vector<std::byte> bytes;
  if (!is_text(content)) {
    const auto raw = std::as_bytes(std::span(content.data(), content.size()));
    bytes.assign(raw.begin(), raw.end());
    return bytes;
  }
  const std::string digits = hex_digits(content);
  if (digits.empty() || digits.size() % 2 != 0) {
    return refuse(
        fmt::format("{} hexadecimal digits; a layout has two for each byte", digits.size()));
  }
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const int high = hex_digit(digits[i]);
    const int low = hex_digit(digits[i + 1]);
    if (high < 0 || low < 0) {
      return refuse(
          fmt::format("\"{}{}\" is not a byte in hexadecimal digits", digits[i], digits[i + 1]));
    }
    bytes.push_back(static_cast<std::byte>(high * 16 + low));
  }
  return bytes;
}

sim::Result<LayoutSource> read_layout_source(const std::string& argument,
                                             std::optional<std::uint32_t> ost_count) {
  return is_setstripe(argument) ? from_options(argument, ost_count)
                                : from_file(argument, ost_count);
}

}  // namespace bench
