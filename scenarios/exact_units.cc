#include "scenarios/exact_units.h"

#include <fmt/core.h>

#include <span>
#include <string_view>

namespace scenarios {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t size;
};

constexpr std::uint64_t kMillion = 1'000'000;
constexpr std::uint64_t kBillion = 1'000'000'000;

// Each from the largest to the smallest, which has size 1 and so always fits.
constexpr Unit kByteUnits[] = {
    {"TiB", sim::kTiB}, {"TB", kMillion* kMillion}, {"GiB", sim::kGiB}, {"GB", kBillion},
    {"MiB", sim::kMiB}, {"MB", kMillion},           {"KiB", sim::kKiB}, {"B", 1}};
constexpr Unit kTimeUnits[] = {{"h", 3600 * kBillion}, {"min", 60 * kBillion}, {"s", kBillion},
                               {"ms", kMillion},       {"us", 1000},           {"ns", 1}};
constexpr Unit kRateUnits[] = {{"GiB/s", sim::kGiB}, {"GB/s", kBillion}, {"MiB/s", sim::kMiB},
                               {"MB/s", kMillion},   {"kB/s", 1000},     {"B/s", 1}};

std::string exact(std::uint64_t n, std::span<const Unit> units) {
  for (const Unit& unit : units) {
    if (n >= unit.size && n % unit.size == 0) {
      return fmt::format("{}{}", n / unit.size, unit.name);
    }
  }
  return fmt::format("0{}", units.back().name);
}

}  // namespace

std::string exact_bytes(sim::Bytes n) { return exact(n, kByteUnits); }

std::string exact_duration(sim::Duration d) {
  return exact(static_cast<std::uint64_t>(d.ns()), kTimeUnits);
}

std::string exact_rate(sim::Rate rate) {
  return rate.unlimited() ? "unlimited" : exact(rate.bytes_per_second(), kRateUnits);
}

}  // namespace scenarios
