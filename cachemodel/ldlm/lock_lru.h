// Which unused lock a client gives back by itself: by number, by age, or by what the server can
// afford (ldlm_request.c and ldlm_pool.c of Lustre 2.17).
#pragma once

#include <cstddef>
#include <cstdint>

#include "sim/units.h"

namespace cachemodel {

struct LruOptions {
  // lru_size: how many unused locks are kept. 0 lets the server's lock volume decide. Where Lustre
  // fixes it, it is 100 for each processor.
  std::size_t max_unused = 0;
  // lru_max_age: unused longer than this, a lock goes. 3900 s up to Lustre 2.15.
  sim::Duration max_age = sim::seconds(600);
  // If one lock goes, at least so many go: a request to the server carries many handles.
  std::size_t batch = 16;
  // The client's lock volume factor; 256 stands for 1.
  std::uint32_t volume_factor = 256;
};

// Judges the lock that was unused longest.
class LruRule {
 public:
  explicit LruRule(const LruOptions& options) : options_(options) {}

  const LruOptions& options() const { return options_; }
  // The server lock volume (SLV) of the latest reply, in lock seconds; 0 is not known yet.
  void set_server_volume(std::uint64_t slv) { slv_ = slv; }

  // Whether a lock that was last used `age` ago must go, being one of `unused`: for its age, for
  // their number, or, if that is not fixed, because its volume, factor x age x unused, reaches the
  // server's.
  bool must_go(sim::Duration age, std::size_t unused) const;

 private:
  LruOptions options_;
  std::uint64_t slv_ = 0;
};

}  // namespace cachemodel
