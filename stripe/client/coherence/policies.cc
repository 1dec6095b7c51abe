#include "stripe/client/coherence/policies.h"

#include "stripe/client/coherence/ldlm_policy.h"
#include "stripe/client/coherence/none_policy.h"
#include "stripe/client/coherence/oplock_policy.h"
#include "stripe/client/coherence/split_policy.h"
#include "stripe/client/coherence/ttl_policy.h"

namespace stripe {

namespace {

std::unique_ptr<CachePolicy> oplocks(ClientContext& context,
                                     const std::vector<transport::Address>& servers,
                                     WriteBack& write_back, PageReader& pages) {
  const std::uint32_t index = context.design.share_server;
  sim::check(index < servers.size(), "a client's share server does not exist");
  return std::make_unique<OplockPolicy>(context, servers[index], CachedPart(write_back, pages));
}

}  // namespace

std::unique_ptr<CachePolicy> make_cache_policy(ClientContext& context, const ClusterMap& map,
                                               Lov& lov, WriteBack& write_back, PageReader& pages) {
  switch (context.design.coherence) {
    case Coherence::unshared:
      break;
    case Coherence::none:
      return std::make_unique<NonePolicy>();
    case Coherence::ttl:
      return std::make_unique<TtlPolicy>(context, lov, write_back, pages);
    case Coherence::oplock:
      return oplocks(context, map.share_servers, write_back, pages);
    case Coherence::oplock_clustered:
      return oplocks(context, map.clustered_share_servers, write_back, pages);
    case Coherence::split:
      return std::make_unique<SplitPolicy>(context, map, write_back, pages);
    case Coherence::ldlm:
      return std::make_unique<LdlmPolicy>(context, lov, write_back, pages);
  }
  return nullptr;
}

}  // namespace stripe
