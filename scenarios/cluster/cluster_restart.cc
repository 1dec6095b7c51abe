// Servers that stop and start again, and what is told of that.
#include <fmt/core.h>

#include <algorithm>

#include "scenarios/cluster/cluster.h"
#include "stripe/server/mdt.h"
#include "stripe/server/modelled_store.h"
#include "stripe/server/oss.h"
#include "stripe/server/oss_cache.h"
#include "stripe/server/share_server.h"

namespace scenarios {

std::vector<ResourceCounter> Cluster::threads_of(std::uint32_t oss) const {
  std::vector<ResourceCounter> all = osses_[oss]->threads;
  if (servers_[oss]) {
    const stripe::Oss& server = *servers_[oss];
    all.resize(2);
    const transport::Service* services[] = {&server.io_service(), &server.other_service()};
    for (std::size_t i = 0; i < 2; ++i) {
      ResourceCounter now = threads_of(*services[i]);
      now.busy += all[i].busy;
      now.waited += all[i].waited;
      all[i] = std::move(now);
    }
  }
  return all;
}

void Cluster::leave_behind(std::uint32_t ost) {
  stripe::Ost& target = *osts_[ost];
  Left& left = left_[ost];
  left.clients = target.server().clients();
  left.last_change = target.server().last_change();
  left.committed = target.server().last_committed();
  left.undone = left.last_change - left.committed;
  left.last_handle = target.locks().locks().last_handle();
  left.counts += target.counts();
  const std::vector<transport::Eviction>& evicted = target.server().evicted();
  left.evicted.insert(left.evicted.end(), evicted.begin(), evicted.end());
  left.callback_timeouts += target.locks().counts().timeouts;
}

// What a server's recovery came to is told before it stops again.
void Cluster::recoveries_end(std::optional<std::uint32_t> oss) {
  for (Restart& restart : restarted_) {
    if (restart.oss == oss && !restart.ended) {
      restart.ended = recovery_of(restart);
    }
  }
}

void Cluster::stop_oss(std::uint32_t number) {
  recoveries_end(number);
  world_.stop(osses_[number]->node);
  Restart restart{number, 0, {}};
  for_each_ost_of(number, [&](std::uint32_t ost) {
    leave_behind(ost);
    restart.undone += left_[ost].undone;
    osts_[ost] = nullptr;
  });
  restarted_.push_back(restart);
  osses_[number]->threads = threads_of(number);
  servers_[number].reset();
  if (osses_[number]->cache) {
    osses_[number]->cache->clear();
  }
  for_each_ost_of(number, [&](std::uint32_t ost) { stores_[ost]->crash(); });
}

void Cluster::start_oss(std::uint32_t number) {
  world_.resume(osses_[number]->node);
  servers_[number] = make_server(number);
  for_each_ost_of(number, [&](std::uint32_t ost) {
    start_ost(ost);
    osts_[ost]->locks().skip_handles(left_[ost].last_handle);
    osts_[ost]->server().recover(left_[ost].clients, stripe::JournalOptions().recovery_window);
  });
}

// The whole server's: the last of its targets tells how long it took.
reports::Recovery Cluster::recovery_of(const Restart& restart) const {
  reports::Recovery result;
  result.server = restart.oss ? fmt::format("oss{}", *restart.oss) : "mds0";
  result.undone_requests = restart.undone;
  const auto add = [&](const std::optional<transport::RecoveryCounts>& counts) {
    if (!counts) {
      return;
    }
    result.start = counts->start;
    result.time = std::max(result.time, counts->time);
    result.clients += counts->clients;
    result.evicted += counts->evicted;
    result.replayed_requests += counts->requests;
    result.replayed_bytes += counts->bytes;
    result.replayed_locks += counts->locks;
  };
  if (!restart.oss) {
    add(mdt_ ? mdt_->server().recovered() : std::nullopt);
    return result;
  }
  for_each_ost_of(*restart.oss, [&](std::uint32_t ost) {
    add(osts_[ost] == nullptr ? std::nullopt : osts_[ost]->server().recovered());
  });
  return result;
}

std::vector<transport::Eviction> Cluster::evicted_by(transport::Address target) const {
  const auto with = [](std::vector<transport::Eviction> all, const transport::Server* server) {
    if (server != nullptr) {
      all.insert(all.end(), server->evicted().begin(), server->evicted().end());
    }
    return all;
  };
  if (target == map_.mdt) {
    return with(mdt_left_.evicted, mdt_ ? &mdt_->server() : nullptr);
  }
  const auto ost =
      static_cast<std::size_t>(std::ranges::find(map_.osts, target) - map_.osts.begin());
  return with(left_[ost].evicted, osts_[ost] == nullptr ? nullptr : &osts_[ost]->server());
}

reports::Liveness Cluster::liveness() const {
  reports::Liveness result;
  result.evictions = evicted_by(map_.mdt).size();
  result.callback_timeouts = mdt_left_.callback_timeouts;
  if (mdt_) {
    result.callback_timeouts += mdt_->locks().counts().timeouts;
  }
  for (std::size_t i = 0; i < osts_.size(); ++i) {
    const std::vector<transport::Eviction> evicted = evicted_by(map_.osts[i]);
    result.evictions += evicted.size();
    result.mdt_evictions += static_cast<std::uint64_t>(std::ranges::count(
        evicted, map_.mdt.node, [](const transport::Eviction& e) { return e.client.node; }));
    result.callback_timeouts += left_[i].callback_timeouts;
    if (osts_[i] != nullptr) {
      result.callback_timeouts += osts_[i]->locks().counts().timeouts;
    }
  }
  for (const Restart& restart : restarted_) {
    result.recoveries.push_back(restart.ended ? *restart.ended : recovery_of(restart));
  }
  result.messages_lost = world_.network().lost();
  return result;
}

}  // namespace scenarios
