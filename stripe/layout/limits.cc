#include "stripe/layout/limits.h"

#include <fmt/core.h>

#include <algorithm>
#include <string>

namespace stripe {
namespace {

sim::Error refuse(std::string message) { return {sim::Errc::invalid_argument, std::move(message)}; }

// The multiples of 64 KiB around `value`, which is none itself.
std::string neighbours(sim::Bytes value) {
  const sim::Bytes below = value / kStripeUnit * kStripeUnit;
  if (below == 0) {
    return fmt::format("{} would be", kStripeUnit);
  }
  if (below > sim::kEof - kStripeUnit) {
    return fmt::format("{} would be", below);
  }
  return fmt::format("{} or {} would be", below, below + kStripeUnit);
}

}  // namespace

sim::Status check_stripe_size(sim::Bytes size) {
  if (size > kMaxStripeSize) {
    return refuse(fmt::format("stripe size {} B is not below 4 GiB; the largest is {}", size,
                              kMaxStripeSize));
  }
  if (size == 0) {
    return refuse(fmt::format("stripe size 0 B is too small; the smallest is {}", kStripeUnit));
  }
  if (size % kStripeUnit != 0) {
    return refuse(
        fmt::format("stripe size {} B is not a multiple of 64 KiB; {}", size, neighbours(size)));
  }
  return {};
}

sim::Status check_stripe_count(std::uint64_t count) {
  if (count == 0 || count > kMaxStripeCount) {
    return refuse(fmt::format("stripe count {} is not between 1 and {}", count, kMaxStripeCount));
  }
  return {};
}

sim::Status check_component_end(sim::Bytes end) {
  if (end == sim::kEof) {
    return {};
  }
  if (end == 0) {
    return refuse(
        fmt::format("component end 0 leaves nothing before it; the first possible end is "
                    "{}",
                    kStripeUnit));
  }
  if (end % kStripeUnit != 0) {
    return refuse(
        fmt::format("component end {} B is not a multiple of 64 KiB; {}", end, neighbours(end)));
  }
  return {};
}

sim::Status check_pool_name(std::string_view name) {
  if (name.empty() || name.size() > kMaxPoolName) {
    return refuse(fmt::format("pool name of {} characters; 1 to {} would be right", name.size(),
                              kMaxPoolName));
  }
  if (!std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < '\x7f'; })) {
    return refuse("pool name holds a blank or a character outside ASCII");
  }
  return {};
}

}  // namespace stripe
