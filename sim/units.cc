#include "sim/units.h"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <charconv>

namespace sim {
namespace {

struct Unit {
  std::string_view name;
  double factor;
};

constexpr std::array kByteUnits = {
    Unit{"B", 1},      Unit{"KiB", 0x1p10}, Unit{"MiB", 0x1p20}, Unit{"GiB", 0x1p30},
    Unit{"TiB", 0x1p40}, Unit{"PiB", 0x1p50}, Unit{"kB", 1e3},   Unit{"MB", 1e6},
    Unit{"GB", 1e9},   Unit{"TB", 1e12},    Unit{"PB", 1e15}};
constexpr std::array kTimeUnits = {Unit{"ns", 1},  Unit{"us", 1e3},   Unit{"ms", 1e6},
                                   Unit{"s", 1e9}, Unit{"min", 60e9}, Unit{"h", 3600e9}};
constexpr std::array kBitUnits = {Unit{"bit/s", 1.0 / 8}, Unit{"kbit/s", 1e3 / 8},
                                  Unit{"Mbit/s", 1e6 / 8}, Unit{"Gbit/s", 1e9 / 8},
                                  Unit{"Tbit/s", 1e12 / 8}};

struct Number {
  double value;
  std::string_view unit;
};

std::string_view trim(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) {
    text.remove_prefix(1);
  }
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) {
    text.remove_suffix(1);
  }
  return text;
}

Error refuse(std::string_view text, std::string_view what, std::string_view right) {
  return {Errc::invalid_argument, fmt::format("\"{}\" is not a {}: write it as {}", text, what, right)};
}

// Splits "12.5 MiB" into the number and its unit.
Result<Number> split_number(std::string_view text, std::string_view what, std::string_view right) {
  const std::string_view t = trim(text);
  Number n{0, {}};
  const auto [end, ec] =
      std::from_chars(t.data(), t.data() + t.size(), n.value, std::chars_format::fixed);
  if (ec != std::errc() || n.value < 0 || t.front() == '-') {
    return refuse(text, what, right);
  }
  n.unit = trim(t.substr(static_cast<std::size_t>(end - t.data())));
  if (n.unit.empty()) {
    return Error{Errc::invalid_argument,
                 fmt::format("\"{}\" has no unit: write it as {}", text, right)};
  }
  return n;
}

// The quantity in base units, which must be whole and below `limit`.
template <std::size_t N>
Result<std::uint64_t> scale(const Number& n, const std::array<Unit, N>& units, double limit,
                            std::string_view text, std::string_view what, std::string_view right) {
  for (const Unit& unit : units) {
    if (unit.name == n.unit) {
      const double v = n.value * unit.factor;
      if (v >= limit) {
        return Error{Errc::invalid_argument, fmt::format("\"{}\" is too large", text)};
      }
      const auto whole = static_cast<std::uint64_t>(v);
      if (static_cast<double>(whole) != v) {
        return Error{Errc::invalid_argument,
                     fmt::format("\"{}\" is not a whole number of the smallest unit; write it as {}",
                                 text, right)};
      }
      return whole;
    }
  }
  return refuse(text, what, right);
}

std::string trimmed(double value, std::string_view unit) {
  if (value == static_cast<double>(static_cast<std::int64_t>(value))) {
    return fmt::format("{:.0f} {}", value, unit);
  }
  return fmt::format("{:.3g} {}", value, unit);
}

}  // namespace

Result<Bytes> parse_bytes(std::string_view text) {
  constexpr std::string_view kRight = "\"64KiB\", \"1MiB\" or \"10GB\"";
  auto n = split_number(text, "size", kRight);
  if (!n) {
    return n.error();
  }
  return scale(*n, kByteUnits, 0x1p64, text, "size", kRight);
}

Result<Duration> parse_duration(std::string_view text) {
  constexpr std::string_view kRight = "\"25us\", \"1.5ms\" or \"2s\"";
  auto n = split_number(text, "duration", kRight);
  if (!n) {
    return n.error();
  }
  auto ns = scale(*n, kTimeUnits, 0x1p63, text, "duration", kRight);
  if (!ns) {
    return ns.error();
  }
  return Duration(static_cast<std::int64_t>(*ns));
}

Result<Rate> parse_rate(std::string_view text) {
  constexpr std::string_view kRight = "\"100Gbit/s\", \"3GiB/s\" or \"unlimited\"";
  if (trim(text) == "unlimited") {
    return Rate();
  }
  auto n = split_number(text, "rate", kRight);
  if (!n) {
    return n.error();
  }
  if (n->value == 0) {
    return Error{Errc::invalid_argument,
                 fmt::format("\"{}\" would never finish: write it as {}", text, kRight)};
  }
  if (n->unit.size() > 5 && n->unit.substr(n->unit.size() - 5) == "bit/s") {
    auto r = scale(*n, kBitUnits, 0x1p63, text, "rate", kRight);
    return r ? Result<Rate>(Rate(*r)) : Result<Rate>(r.error());
  }
  if (n->unit.size() > 2 && n->unit.substr(n->unit.size() - 2) == "/s") {
    n->unit.remove_suffix(2);
    auto r = scale(*n, kByteUnits, 0x1p63, text, "rate", kRight);
    return r ? Result<Rate>(Rate(*r)) : Result<Rate>(r.error());
  }
  return refuse(text, "rate", kRight);
}

std::string format_bytes(Bytes n) {
  if (n == kEof) {
    return "EOF";
  }
  static constexpr std::string_view kUnits[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  auto value = static_cast<double>(n);
  std::size_t unit = 0;
  while (value >= 1024 && unit + 1 < std::size(kUnits)) {
    value /= 1024;
    ++unit;
  }
  return trimmed(value, kUnits[unit]);
}

std::string format_duration(Duration d) {
  const auto ns = static_cast<double>(d.ns());
  const double magnitude = ns < 0 ? -ns : ns;
  if (magnitude < 1e3) {
    return fmt::format("{} ns", d.ns());
  }
  if (magnitude < 1e6) {
    return trimmed(ns / 1e3, "us");
  }
  return magnitude < 1e9 ? trimmed(ns / 1e6, "ms") : trimmed(ns / 1e9, "s");
}

std::string format_rate(double bytes_per_second) {
  static constexpr std::string_view kUnits[] = {"B/s", "KiB/s", "MiB/s", "GiB/s", "TiB/s"};
  std::size_t unit = 0;
  while (bytes_per_second >= 1024 && unit + 1 < std::size(kUnits)) {
    bytes_per_second /= 1024;
    ++unit;
  }
  return fmt::format("{:.1f} {}", bytes_per_second, kUnits[unit]);
}

}  // namespace sim
