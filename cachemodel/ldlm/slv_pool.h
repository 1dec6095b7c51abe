// How a server tells its clients, in one number, how many locks it can afford: the server lock
// volume, SLV (ldlm_pool.c of Lustre 2.17).
#pragma once

#include <cstdint>

#include "sim/units.h"

namespace cachemodel {

inline constexpr std::uint64_t kLocksPerMiB = 50;
// The largest volume is one in which a single client may keep all locks for 10 hours.
inline constexpr std::uint64_t kMaxVolumeSeconds = 36000;

// A volume is locks times seconds: a client may hold few locks for long, or many briefly. It falls
// while more locks are granted than planned, and rises otherwise.
class SlvPool {
 public:
  // For a server with `memory` bytes, of which at least one lock must be affordable.
  explicit SlvPool(sim::Bytes memory);

  std::uint64_t limit() const { return limit_; }  // locks the server can afford
  std::uint64_t max_volume() const { return limit_ * kMaxVolumeSeconds; }
  std::uint64_t volume() const { return volume_; }
  std::uint64_t grant_plan() const { return plan_; }  // locks foreseen at the next turn

  // A turn, due every `period` (Lustre's server: 1 s; whole seconds count), when `granted` locks
  // are held: volume x= (limit - (granted - plan)) / limit, between 1 and the largest, rounded
  // towards growth while locks are left; then plan = granted + a share of what is left, at most
  // 5/4 of the limit. The share is 1 % for 1 s and 23 % for 10 s, never 30 %.
  void recalculate(std::uint64_t granted, sim::Duration period = sim::seconds(1));

 private:
  std::uint64_t limit_;
  std::uint64_t volume_;
  std::uint64_t plan_ = 0;
};

}  // namespace cachemodel
