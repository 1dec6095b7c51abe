#include "bench/layout_picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace bench {
namespace {

constexpr std::uint32_t kColumns = 8;
constexpr sim::Bytes kRows = 3;
constexpr std::size_t kBytesPerLine = 16;

// The chunk of `stripe` in `row`, as the file offset where the component's part of it begins.
std::string cell(const stripe::Component& c, sim::Bytes row, std::uint32_t stripe) {
  const stripe::Raid0 g = c.geometry();
  const auto begin = g.unmap(stripe, row * g.stripe_size);
  if (!begin) {
    return ".";
  }
  const sim::Bytes end = *begin > sim::kEof - g.stripe_size ? sim::kEof : *begin + g.stripe_size;
  const sim::Extent part = c.extent.intersect({*begin, end});
  return part.empty() ? "." : sim::format_bytes(part.begin);
}

}  // namespace

std::string draw_component(const stripe::Component& c) {
  const stripe::Raid0 g = c.geometry();
  const std::uint32_t columns = std::min(g.stripe_count, kColumns);
  const char* more = columns < g.stripe_count ? "  ..." : "";
  std::string text = fmt::format("{:>10}", "");
  const auto out = std::back_inserter(text);
  for (std::uint32_t i = 0; i < columns; ++i) {
    const std::string head = c.on_mdt()          ? "MDT"
                             : c.objects.empty() ? fmt::format("stripe {}", i)
                                                 : fmt::format("OST {}", c.objects[i].ost_index);
    fmt::format_to(out, " {:>12}", head);
  }
  fmt::format_to(out, "{}\n", more);
  const sim::Bytes first = c.extent.begin / g.width();
  const sim::Bytes last = (c.extent.end - 1) / g.width();
  for (sim::Bytes row = first; row - first < kRows && row <= last; ++row) {
    fmt::format_to(out, "{:>10}", fmt::format("row {}", row));
    for (std::uint32_t i = 0; i < columns; ++i) {
      fmt::format_to(out, " {:>12}", cell(c, row, i));
    }
    fmt::format_to(out, "{}\n", more);
  }
  if (last - first >= kRows) {
    fmt::format_to(out, "{:>10}\n", "...");
  }
  return text;
}

std::string draw_bytes(std::span<const std::byte> bytes) {
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += kBytesPerLine) {
    fmt::format_to(std::back_inserter(text), "  {:04x} ", at);
    for (const std::byte b : bytes.subspan(at, std::min(kBytesPerLine, bytes.size() - at))) {
      fmt::format_to(std::back_inserter(text), " {:02x}", static_cast<unsigned>(b));
    }
    text += '\n';
  }
  return text;
}

}  // namespace bench
