// The table of coherence policies.
#pragma once

#include <memory>

#include "stripe/client/coherence/cache_policy.h"
#include "stripe/client/page_reader.h"
#include "stripe/client/write_back.h"

namespace stripe {

// The policy that the context's design names; null for `unshared`. All must outlive it.
std::unique_ptr<CachePolicy> make_cache_policy(ClientContext& context, const ClusterMap& map,
                                               Lov& lov, WriteBack& write_back, PageReader& pages);

}  // namespace stripe
