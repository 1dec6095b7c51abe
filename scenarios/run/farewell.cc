#include "scenarios/run/farewell.h"

#include <fmt/format.h>

#include <algorithm>

#include "transport/server.h"

namespace scenarios {

sim::Status Farewell::run(WorldModel& world, const Groups& groups) {
  sim::TaskGroup tasks(world.loop());
  for (const auto& group : groups) {
    sim::Bytes& dirty = dirty_[group.get()];
    for (const auto& mount : group->mounts()) {
      dirty += mount->write_back().dirty();
      if (mount->policy() != nullptr) {
        ++unmounted_;
        tasks.spawn(unmount(*mount), "an unmount");
      }
    }
  }
  return unmounted_ > 0 ? world.run([] {}) : sim::Status();
}

sim::Task<void> Farewell::unmount(stripe::Mount& mount) { leaked_ += co_await mount.unmount(); }

void Farewell::tell_leaks(std::vector<std::string>& errors) const {
  if (leaked_ > 0) {
    errors.push_back(fmt::format("{} locks could not be given back at unmount", leaked_));
  }
}

namespace {

// Adds what became of a client's connection to one target: how often it was made anew, and from
// when until when the target had evicted the client and the client did not know.
void add_link(const Cluster& cluster, std::uint32_t client, transport::Address address,
              const transport::Import& import, reports::Liveness& result) {
  result.reconnects += import.reconnects();
  for (const transport::Eviction& eviction : cluster.evicted_by(import.target())) {
    if (eviction.client == address) {
      const auto discovery = import.standings().discovery_of(eviction, cluster.now());
      result.evicted.push_back({client, cluster.server_of(import.target()), eviction.at,
                                discovery.missed, discovery.noticed});
    }
  }
}

}  // namespace

reports::Liveness liveness_of(const Cluster& cluster, const Farewell::Groups& groups,
                              const Farewell& farewell) {
  reports::Liveness result = cluster.liveness();
  for (const auto& group : groups) {
    std::uint32_t client = group->first_client();
    for (const auto& mount : group->mounts()) {
      const transport::Address address = mount->context().endpoint.address();
      add_link(cluster, client, address, mount->mdc().import(), result);
      const stripe::ClientStats& stats = mount->context().stats;
      result.lost_bytes += stats.bytes_lost;
      result.unknown_bytes += stats.bytes_unknown;
      result.lost_changes += mount->mdc().changes_lost();
      sim::Bytes unstable = 0;
      mount->lov().for_each_target([&](stripe::Osc& osc) {
        if (osc.import().target() != mount->mdc().import().target()) {
          add_link(cluster, client, address, osc.import(), result);
        }
        unstable += osc.import().most_unstable();
        result.lost_bytes += osc.import().lost_unstable();
      });
      result.most_unstable_bytes = std::max(result.most_unstable_bytes, unstable);
      ++client;
    }
  }
  result.leaked_locks = farewell.leaked_locks();
  return result;
}

}  // namespace scenarios
