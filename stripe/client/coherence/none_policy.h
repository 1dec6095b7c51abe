// Nothing is cached, so nothing can be stale: every read and write goes to the servers.
#pragma once

#include "stripe/client/coherence/cache_policy.h"

namespace stripe {

class NonePolicy final : public CachePolicy {
 public:
  bool admit_at_once(Inode&, sim::Extent, IoKind, bool, Access& access) override {
    access.use_cache = access.write_behind = false;
    return true;
  }
  sim::Task<sim::Errc> admit(Inode&, sim::Extent, IoKind, bool, Access&, sim::Timeline&) override {
    co_return sim::Errc::ok;  // never asked: all is admitted at once
  }
};

}  // namespace stripe
