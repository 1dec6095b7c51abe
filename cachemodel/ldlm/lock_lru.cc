#include "cachemodel/ldlm/lock_lru.h"

namespace cachemodel {

bool LruRule::must_go(sim::Duration age, std::size_t unused) const {
  if (age > options_.max_age) {
    return true;
  }
  if (options_.max_unused > 0) {
    return unused > options_.max_unused;
  }
  if (slv_ == 0) {
    return false;
  }
  // Both sides in lock nanoseconds times 256, so that nothing is rounded.
  using Wide = unsigned __int128;
  const Wide own = Wide{options_.volume_factor} * static_cast<Wide>(age.ns()) * unused;
  return own >= Wide{slv_} * 256 * 1'000'000'000;
}

}  // namespace cachemodel
