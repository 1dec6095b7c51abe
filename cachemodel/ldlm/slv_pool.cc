#include "cachemodel/ldlm/slv_pool.h"

#include <algorithm>

#include "sim/status.h"

namespace cachemodel {
namespace {

using Signed = std::int64_t;

// Percent of the free locks that may be granted until the next turn.
Signed grant_step(sim::Duration period) {
  constexpr Signed kMost = 30;
  constexpr Signed kLeast = 1;
  const Signed halvings = std::clamp<Signed>(period.ns() / 1'000'000'000 / 4, 0, 5);
  return kMost - ((kMost - kLeast) >> halvings);
}

}  // namespace

SlvPool::SlvPool(sim::Bytes memory)
    : limit_(memory / sim::kMiB * kLocksPerMiB), volume_(limit_ * kMaxVolumeSeconds) {
  sim::check(limit_ > 0, "a lock server has at least 1 MiB of memory");
}

void SlvPool::recalculate(std::uint64_t granted, sim::Duration period) {
  const auto limit = static_cast<Signed>(limit_);
  const auto held = static_cast<Signed>(granted);
  const Signed usage = std::max<Signed>(limit - (held - static_cast<Signed>(plan_)), 1);
  const auto scaled = static_cast<unsigned __int128>(volume_) * static_cast<std::uint64_t>(usage);
  const std::uint64_t round = granted < limit_ ? limit_ - 1 : 0;
  const unsigned __int128 next = (scaled + round) / limit_;
  volume_ = next > max_volume() ? max_volume()
                                : std::max(static_cast<std::uint64_t>(next), std::uint64_t{1});
  const Signed plan = held + (limit - held) * grant_step(period) / 100;
  plan_ = static_cast<std::uint64_t>(std::clamp<Signed>(plan, 0, limit * 5 / 4));
}

}  // namespace cachemodel
