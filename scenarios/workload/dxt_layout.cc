#include "scenarios/workload/dxt_layout.h"

#include <fmt/core.h>

#include "scenarios/workload/scan.h"

namespace scenarios {
namespace {

constexpr std::uint64_t kMaxStripes = 2000;  // Lustre 2.17: LOV_MAX_STRIPE_COUNT

sim::Error expected(std::string_view what, std::string_view found) {
  return {sim::Errc::invalid_argument,
          fmt::format("expected {}, found {}", what, scan::in_quotes(found))};
}

}  // namespace

bool split_pair(std::string_view text, std::string_view separator, std::string_view& left,
                std::string_view& right) {
  const std::size_t at = text.find(separator);
  if (at == std::string_view::npos) {
    return false;
  }
  left = text.substr(0, at);
  right = text.substr(at + separator.size());
  return true;
}

sim::Result<std::vector<std::uint32_t>> parse_dxt_osts(std::string_view text) {
  std::vector<std::uint32_t> osts;
  for (const std::string_view word : scan::words(text)) {
    const auto number = scan::unsigned_number(word);
    if (!number || *number > 0xffff || osts.size() == kMaxStripes) {
      return expected(fmt::format("up to {} OST numbers", kMaxStripes), word);
    }
    osts.push_back(static_cast<std::uint32_t>(*number));
  }
  return osts;
}

sim::Result<DxtComponent> parse_dxt_component(std::string_view text) {
  std::string_view number;
  std::string_view rest;
  std::string_view begin;
  std::string_view end;
  std::string_view size;
  std::string_view count;
  std::string_view osts;
  const bool shaped =
      split_pair(text, "] stripe_ext: ", number, rest) && split_pair(rest, " - ", begin, rest) &&
      split_pair(rest, ", stripe_size: ", end, rest) &&
      split_pair(rest, ", stripe_count: ", size, rest) && split_pair(rest, ", OSTs:", count, osts);
  const auto first = scan::unsigned_number(begin);
  const auto last = end == "EOF" ? sim::kEof : scan::unsigned_number(end);
  const auto stripe_size = scan::unsigned_number(size);
  const auto stripes = scan::unsigned_number(count);
  if (!shaped || !first || !last || !stripe_size || !stripes || *last <= *first) {
    return expected("[Component N] stripe_ext: A - B, stripe_size: S, stripe_count: C, OSTs: ...",
                    text);
  }
  auto list = parse_dxt_osts(osts);
  if (!list) {
    return list.error();
  }
  if (list->size() != *stripes) {
    return expected(fmt::format("{} OSTs, as stripe_count says", *stripes), osts);
  }
  return DxtComponent{{*first, *last}, *stripe_size, std::move(*list)};
}

sim::Result<DxtPlainLayout> parse_dxt_plain_layout(std::string_view text) {
  std::string_view size;
  std::string_view count;
  const bool shaped = split_pair(text, ", Lustre stripe_count: ", size, count);
  const auto bytes = scan::signed_number(size);
  const auto stripes = scan::signed_number(count);
  if (!shaped || !bytes || !stripes) {
    return expected("Lustre stripe_size: NUMBER, Lustre stripe_count: NUMBER", text);
  }
  if (*bytes <= 0 || *stripes <= 0) {
    return DxtPlainLayout{};
  }
  return DxtPlainLayout{static_cast<sim::Bytes>(*bytes), static_cast<std::uint64_t>(*stripes)};
}

std::string dxt_setstripe(std::span<const DxtComponent> layout) {
  const bool composite =
      layout.size() > 1 ||
      (layout.size() == 1 && (layout[0].extent.end != sim::kEof || layout[0].osts.empty()));
  std::string options;
  for (const DxtComponent& component : layout) {
    if (!options.empty()) {
      options += ' ';
    }
    if (composite) {
      options += component.extent.end == sim::kEof ? std::string("-E -1 ")
                                                   : fmt::format("-E {} ", component.extent.end);
    }
    options += component.osts.empty()
                   ? std::string("-L mdt")
                   : fmt::format("-c {} -S {}", component.osts.size(), component.stripe_size);
  }
  return options;
}

std::vector<std::uint32_t> dxt_osts(std::span<const DxtComponent> layout) {
  std::vector<std::uint32_t> osts;
  for (const DxtComponent& component : layout) {
    osts.insert(osts.end(), component.osts.begin(), component.osts.end());
  }
  return osts;
}

}  // namespace scenarios
