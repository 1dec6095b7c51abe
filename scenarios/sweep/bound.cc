#include "scenarios/sweep/bound.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "scenarios/sweep/trim.h"

namespace scenarios {
namespace {

using reports::Unit;

sim::Error refuse(std::string message) { return {sim::Errc::invalid_argument, std::move(message)}; }

// "1.5" or "90 %".
sim::Result<double> parse_plain(std::string_view text) {
  const bool percent = text.ends_with('%');
  const std::string_view digits = trimmed(text.substr(0, text.size() - (percent ? 1 : 0)));
  double value = 0;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (failed != std::errc() || end != digits.data() + digits.size() || !std::isfinite(value)) {
    return refuse(
        fmt::format("\"{}\" is no number; the metric has no unit, so \"1.5\" or \"90 %\" "
                    "would be right",
                    text));
  }
  return percent ? value / 100 : value;
}

sim::Result<double> parse_magnitude(std::string_view text, Unit unit) {
  if (text == "0") {
    return 0.0;
  }
  if (unit == Unit::bytes) {
    const auto size = sim::parse_bytes(text);
    return size ? sim::Result<double>(static_cast<double>(*size)) : size.error();
  }
  if (unit == Unit::time) {
    const auto time = sim::parse_duration(text);
    return time ? sim::Result<double>(static_cast<double>(time->ns())) : time.error();
  }
  if (unit == Unit::rate) {
    const auto rate = sim::parse_rate(text);
    if (rate && rate->unlimited()) {
      return refuse("\"unlimited\" bounds nothing; \"1GiB/s\" would be right");
    }
    return rate ? sim::Result<double>(static_cast<double>(rate->bytes_per_second())) : rate.error();
  }
  return parse_plain(text);
}

sim::Result<double> parse_number(std::string_view text, Unit unit) {
  text = trimmed(text);
  if (unit == Unit::none || !text.starts_with('-')) {
    return parse_magnitude(text, unit);
  }
  const auto value = parse_magnitude(trimmed(text.substr(1)), unit);
  return value ? sim::Result<double>(-*value) : value;
}

sim::Result<Bound> parse_range(std::string_view text, Unit unit) {
  text = trimmed(text);
  const std::size_t comma = text.find(',');
  if (!text.starts_with('[') || !text.ends_with(']') || comma == std::string_view::npos) {
    return refuse(fmt::format("\"in {}\" is no range; \"in [0.9, 1.1]\" would be right", text));
  }
  const auto low = parse_number(text.substr(1, comma - 1), unit);
  const auto high = parse_number(text.substr(comma + 1, text.size() - comma - 2), unit);
  if (!low || !high) {
    return low ? high.error() : low.error();
  }
  if (*low > *high) {
    return refuse(fmt::format("the range in {} is empty", text));
  }
  return Bound{Comparison::within, *low, *high};
}

}  // namespace

bool Bound::holds(double value) const {
  switch (comparison) {
    case Comparison::at_least:
      return value >= low;
    case Comparison::at_most:
      return value <= low;
    case Comparison::equal:
      return value == low;
    case Comparison::above:
      return value > low;
    case Comparison::below:
      return value < low;
    case Comparison::within:
      return value >= low && value <= high;
  }
  return false;
}

double Bound::margin(double value) const {
  switch (comparison) {
    case Comparison::at_least:
    case Comparison::above:
      return value - low;
    case Comparison::at_most:
    case Comparison::below:
      return low - value;
    case Comparison::equal:
      return -std::abs(value - low);
    case Comparison::within:
      return std::min(value - low, high - value);
  }
  return 0;
}

sim::Result<Bound> parse_bound(std::string_view text, Unit unit) {
  struct Sign {
    std::string_view text;
    Comparison comparison;
  };
  // Those that begin with another come first.
  constexpr std::array kSigns = {
      Sign{">=", Comparison::at_least}, Sign{"<=", Comparison::at_most},
      Sign{"==", Comparison::equal},    Sign{">", Comparison::above},
      Sign{"<", Comparison::below},
  };
  text = trimmed(text);
  if (text.starts_with("in ") || text.starts_with("in[")) {
    return parse_range(text.substr(2), unit);
  }
  const auto sign =
      std::ranges::find_if(kSigns, [text](const Sign& s) { return text.starts_with(s.text); });
  if (sign == kSigns.end()) {
    return refuse(
        fmt::format("\"{}\" compares with nothing; begin with >=, <=, ==, >, < or "
                    "\"in [LOW, HIGH]\"",
                    text));
  }
  const auto value = parse_number(text.substr(sign->text.size()), unit);
  return value ? sim::Result<Bound>(Bound{sign->comparison, *value, *value}) : value.error();
}

}  // namespace scenarios
