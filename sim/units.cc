#include "sim/units.h"

#include <fmt/core.h>

#include <array>
#include <cctype>
#include <charconv>
#include <limits>
#include <utility>

namespace sim {
namespace {

// One `unit` is factor / divisor base units; both are whole, so that no size is ever rounded.
struct Unit {
  std::string_view name;
  std::uint64_t factor;
  std::uint64_t divisor = 1;
};

constexpr std::uint64_t kThousand = 1000;
constexpr std::uint64_t kMillion = kThousand * kThousand;
constexpr std::uint64_t kBillion = kMillion * kThousand;

constexpr std::array kByteUnits = {Unit{"B", 1},
                                   Unit{"KiB", kKiB},
                                   Unit{"MiB", kMiB},
                                   Unit{"GiB", kGiB},
                                   Unit{"TiB", kTiB},
                                   Unit{"PiB", kTiB * 1024},
                                   Unit{"kB", kThousand},
                                   Unit{"MB", kMillion},
                                   Unit{"GB", kBillion},
                                   Unit{"TB", kBillion* kThousand},
                                   Unit{"PB", kBillion* kMillion}};
constexpr std::array kTimeUnits = {
    Unit{"ns", 1},       Unit{"us", kThousand},      Unit{"ms", kMillion},
    Unit{"s", kBillion}, Unit{"min", 60 * kBillion}, Unit{"h", 3600 * kBillion}};
constexpr std::array kBitUnits = {Unit{"bit/s", 1, 8}, Unit{"kbit/s", kThousand, 8},
                                  Unit{"Mbit/s", kMillion, 8}, Unit{"Gbit/s", kBillion, 8},
                                  Unit{"Tbit/s", kBillion* kThousand, 8}};

using Wide = unsigned __int128;

constexpr std::uint64_t kMaxUnsigned = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t kMaxSigned = std::numeric_limits<std::int64_t>::max();

// A decimal number kept as its digits: whole + fraction / 10^k, where ten_to_k is 10^k.
struct Number {
  std::uint64_t whole = 0;
  Wide fraction = 0;
  Wide ten_to_k = 1;
  std::string_view unit;

  bool zero() const { return whole == 0 && fraction == 0; }
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

Error invalid(std::string message) { return {Errc::invalid_argument, std::move(message)}; }

Error refuse(std::string_view text, std::string_view what, std::string_view right) {
  return invalid(fmt::format("\"{}\" is not a {}: write it as {}", text, what, right));
}

// Takes the leading decimal digits off `text`.
std::string_view take_digits(std::string_view& text) {
  std::size_t n = 0;
  while (n < text.size() && text[n] >= '0' && text[n] <= '9') {
    ++n;
  }
  const std::string_view digits = text.substr(0, n);
  text.remove_prefix(n);
  return digits;
}

// Reads the digits after the point into `n`. At most 22 that matter: times the largest unit's
// factor, below 2^50, they still fit 128 bits.
bool read_fraction(std::string_view digits, Number& n) {
  while (!digits.empty() && digits.back() == '0') {
    digits.remove_suffix(1);
  }
  if (digits.size() > 22) {
    return false;
  }
  for (const char c : digits) {
    n.fraction = n.fraction * 10 + static_cast<Wide>(c - '0');
    n.ten_to_k *= 10;
  }
  return true;
}

// Splits "12.5 MiB" into the number and its unit.
Result<Number> split_number(std::string_view text, std::string_view what, std::string_view right) {
  std::string_view rest = trim(text);
  const std::string_view whole = take_digits(rest);
  if (whole.empty()) {
    return refuse(text, what, right);
  }
  Number n;
  if (std::from_chars(whole.data(), whole.data() + whole.size(), n.whole).ec != std::errc()) {
    return invalid(fmt::format("\"{}\" is too large", text));
  }
  if (!rest.empty() && rest.front() == '.') {
    rest.remove_prefix(1);
    const std::string_view fraction = take_digits(rest);
    if (fraction.empty()) {
      return refuse(text, what, right);
    }
    if (!read_fraction(fraction, n)) {
      return invalid(fmt::format("\"{}\" has over 22 decimals: write it as {}", text, right));
    }
  }
  n.unit = trim(rest);
  if (n.unit.empty()) {
    return invalid(fmt::format("\"{}\" has no unit: write it as {}", text, right));
  }
  return n;
}

// `n` of `unit` in base units, which must be whole and at most `max`.
Result<std::uint64_t> convert(const Number& n, const Unit& unit, std::uint64_t max,
                              std::string_view text, std::string_view right) {
  const Wide part = n.fraction * unit.factor;
  const Wide parts = static_cast<Wide>(n.whole) * unit.factor + part / n.ten_to_k;
  if (parts / unit.divisor > max) {
    return invalid(fmt::format("\"{}\" is too large", text));
  }
  if (part % n.ten_to_k != 0 || parts % unit.divisor != 0) {
    return invalid(fmt::format("\"{}\" is not a whole number of the smallest unit: write it as {}",
                               text, right));
  }
  return static_cast<std::uint64_t>(parts / unit.divisor);
}

template <std::size_t N>
Result<std::uint64_t> scale(const Number& n, const std::array<Unit, N>& units, std::uint64_t max,
                            std::string_view text, std::string_view what, std::string_view right) {
  for (const Unit& unit : units) {
    if (unit.name == n.unit) {
      return convert(n, unit, max, text, right);
    }
  }
  return refuse(text, what, right);
}

// Whole numbers exactly, others to two decimals.
std::string trimmed(double value, std::string_view unit) {
  if (value == static_cast<double>(static_cast<std::int64_t>(value))) {
    return fmt::format("{:.0f} {}", value, unit);
  }
  return fmt::format("{:.2f} {}", value, unit);
}

}  // namespace

Result<Bytes> parse_bytes(std::string_view text) {
  constexpr std::string_view kRight = "\"64KiB\", \"1MiB\" or \"10GB\"";
  auto n = split_number(text, "size", kRight);
  if (!n) {
    return n.error();
  }
  return scale(*n, kByteUnits, kMaxUnsigned, text, "size", kRight);
}

Result<Duration> parse_duration(std::string_view text) {
  constexpr std::string_view kRight = "\"25us\", \"1.5ms\" or \"2s\"";
  auto n = split_number(text, "duration", kRight);
  if (!n) {
    return n.error();
  }
  auto ns = scale(*n, kTimeUnits, kMaxSigned, text, "duration", kRight);
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
  if (n->zero()) {
    return invalid(fmt::format("\"{}\" would never finish: write it as {}", text, kRight));
  }
  if (n->unit.ends_with("bit/s")) {
    auto r = scale(*n, kBitUnits, kMaxSigned, text, "rate", kRight);
    return r ? Result<Rate>(Rate(*r)) : Result<Rate>(r.error());
  }
  if (n->unit.ends_with("/s")) {
    n->unit.remove_suffix(2);
    auto r = scale(*n, kByteUnits, kMaxSigned, text, "rate", kRight);
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
