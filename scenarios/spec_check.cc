#include "scenarios/spec_check.h"

#include <fmt/core.h>

#include <algorithm>
#include <initializer_list>
#include <string_view>
#include <variant>

#include "scenarios/exact_units.h"
#include "scenarios/spec_fault_check.h"

namespace scenarios {
namespace {

// Any more would only exhaust the machine's memory.
constexpr std::uint64_t kMostRanks = 4'000'000;

class Checker {
 public:
  Checker(const std::string& file, Faults& faults) : file_(file), faults_(faults) {}

  // Unless `holds`, a fault at the first of `paths`; no judgement when one of them has a fault.
  void rule(bool holds, std::initializer_list<std::string_view> paths, std::string message) {
    if (!holds && !faults_.touch(paths)) {
      faults_.add(file_, std::string(*paths.begin()), std::move(message));
    }
  }

 private:
  const std::string& file_;
  Faults& faults_;
};

void check_array(const HddArraySpec& d, Checker& check) {
  check.rule(
      d.rebuild_percent == 0 || (d.parity_disks >= 1 && d.data_disks >= 2), {"cluster.hardware"},
      fmt::format("a rebuild_percent of {} with {} data_disks and {} parity_disks; a rebuild "
                  "needs at least 2 and 1",
                  d.rebuild_percent, d.data_disks, d.parity_disks));
  check.rule(d.seek_track <= d.seek_average && d.seek_average <= d.seek_full, {"cluster.hardware"},
             fmt::format("seeks of {}, {} and {}; seek_track <= seek_average <= seek_full would be "
                         "right",
                         exact_duration(d.seek_track), exact_duration(d.seek_average),
                         exact_duration(d.seek_full)));
  check.rule(d.inner_rate <= d.outer_rate, {"cluster.hardware"},
             fmt::format("an inner_rate of {} above the outer_rate of {}", exact_rate(d.inner_rate),
                         exact_rate(d.outer_rate)));
  check.rule(!d.inner_rate.unlimited() && !d.outer_rate.unlimited(), {"cluster.hardware"},
             "a disk needs an inner_rate and an outer_rate that are not unlimited");
}

void check_pools(const ClusterSpec& c, Checker& check) {
  for (const auto& [name, osts] : c.pools) {
    const std::string path = "cluster.pools." + name;
    std::vector<std::uint32_t> sorted = osts;
    std::ranges::sort(sorted);
    check.rule(sorted.back() < c.osts, {path, "cluster.osts"},
               fmt::format("there is no OST {}; OSTs 0 to {} are", sorted.back(), c.osts - 1));
    const auto twice = std::ranges::adjacent_find(sorted);
    check.rule(twice == sorted.end(), {path},
               fmt::format("OST {} stands there twice; once would be right",
                           twice == sorted.end() ? 0 : *twice));
  }
}

void check_cluster(const Scenario& s, Checker& check) {
  const ClusterSpec& c = s.cluster;
  check.rule(c.oss <= c.osts, {"cluster.oss", "cluster.osts"},
             fmt::format("{} object servers for {} OSTs; at most one per OST would be right", c.oss,
                         c.osts));
  const MdsSpec& mds = c.hardware.mds;
  check.rule(mds.precreate_min <= mds.precreate_max, {"cluster.hardware"},
             fmt::format("mds.precreate_min {} above mds.precreate_max {}", mds.precreate_min,
                         mds.precreate_max));
  const bool keeps_data = c.hardware.store == StoreKind::memory;
  constexpr std::string_view kHow = "set cluster.overrides.store to \"memory\"";
  check.rule(s.world == World::sim || keeps_data,
             {"world", "cluster.hardware", "cluster.overrides"},
             fmt::format("the socket world moves real bytes and the store keeps none; {}", kHow));
  check.rule(!s.verify || keeps_data, {"verify", "cluster.hardware", "cluster.overrides"},
             fmt::format("nothing to verify, because the store keeps no data; {}", kHow));
  for (const DeviceSpec* device : {&c.hardware.ost_device, &c.hardware.mdt_device}) {
    if (const auto* array = std::get_if<HddArraySpec>(device)) {
      check_array(*array, check);
    }
  }
  check_pools(c, check);
}

void check_workload(const ClientGroup& g, const std::string& path, Checker& check) {
  const WorkloadSpec& w = g.workload;
  const std::string place = path + ".workload";
  const int given = !w.ior.empty() + !w.ior_script.empty() + !w.dxt.empty() + w.sharing.has_value();
  check.rule(given == 1, {place},
             fmt::format("found {} of ior, ior_script, dxt and sharing; exactly one would be right",
                         given));
  check.rule(w.timing == Timing::as_fast_as_possible || !w.dxt.empty(), {place},
             "timing \"as_recorded\" needs a dxt, which has recorded times");
  check.rule(w.mounts == TraceMounts::all || !w.dxt.empty(), {place},
             "mounts \"lustre_only\" needs a dxt, which has recorded mounts");
  check.rule(w.tasks == 0 || w.dxt.empty(), {place},
             "the ranks of a dxt are its own; leave out tasks");
  check.rule(g.count == 1 || w.dxt.empty(), {path + ".count", place},
             "the nodes of a dxt are its own hosts; leave out count");
  check.rule(g.tasks_per_node == 1 || w.dxt.empty(), {path + ".tasks_per_node", place},
             "the ranks of a dxt are on the hosts they ran on; leave out tasks_per_node");
  check.rule(w.tasks == 0 || g.tasks_per_node == 1 || w.tasks == g.count * g.tasks_per_node,
             {path + ".tasks_per_node", place + ".tasks", path + ".count"},
             fmt::format("{} nodes with {} tasks each are not workload.tasks = {}; give one of the "
                         "two",
                         g.count, g.tasks_per_node, w.tasks));
}

void check_design(const ClientGroup& g, const std::string& path, Checker& check) {
  const DesignSpec& d = g.design;
  const std::string place = path + ".design";
  check.rule(d.max_rpc_size % (4 * sim::kKiB) == 0, {place},
             fmt::format("max_rpc_size {} is not a whole number of 4KiB pages",
                         exact_bytes(d.max_rpc_size)));
  const bool writes_back = d.page_cache.enabled && !d.direct_io;
  check.rule(!writes_back || d.max_dirty_per_ost >= d.max_rpc_size, {place},
             fmt::format("max_dirty_per_ost {} has no room for one RPC of {}",
                         exact_bytes(d.max_dirty_per_ost), exact_bytes(d.max_rpc_size)));
  check.rule(d.rpc_timeout.ns() > 0, {place}, "an rpc_timeout of 0 gives up at once");
}

void check_share_server(const Scenario& s, const ClientGroup& group, const std::string& path,
                        Checker& check) {
  check.rule(group.design.share_server < s.cluster.share_servers, {path + ".design.share_server"},
             fmt::format("there is no share server {}; the cluster has {}",
                         group.design.share_server, s.cluster.share_servers));
}

// Redirected I/O needs a share on every node with data, and the metadata share to be none of them.
void check_split(const Scenario& s, const ClientGroup& group, const std::string& path,
                 Checker& check) {
  const DesignSpec& d = group.design;
  if (d.coherence != Coherence::split) {
    return;
  }
  const bool paging = d.split.redirect == Redirect::paging;
  const std::uint32_t needed = 1 + s.cluster.oss;
  check.rule(d.split.redirect == Redirect::none || s.cluster.share_servers >= needed,
             {path + ".design.split", "cluster.share_servers"},
             fmt::format("I/O is redirected to a share of each object server, and the cluster has "
                         "{} share servers; {} would be right",
                         s.cluster.share_servers, needed));
  check.rule(!paging || d.share_server == 0, {path + ".design.share_server"},
             fmt::format("share server {} is not the metadata share, past which I/O is redirected; "
                         "0 would be right",
                         d.share_server));
  check.rule(paging || d.split.purge == Purge::none, {path + ".design.split"},
             "nothing goes past a cache that could be purged; redirect \"paging\" would be right");
}

void check_memory(const ClientGroup& group, const std::string& path, Checker& check) {
  const MemorySpec& m = group.memory;
  const std::string place = path + ".memory";
  const bool others = m.others_low > 0 || m.others_high > 0;
  check.rule(m.size > 0 || !others, {place + ".size"},
             "other programs hold memory of a node that has no size");
  check.rule(std::max(m.others_low, m.others_high) <= m.size || m.size == 0, {place},
             fmt::format("other programs hold more than the {} there are", exact_bytes(m.size)));
  check.rule(m.period.ns() > 1, {place + ".period"}, "other programs' demand needs a period");
  check.rule(group.design.page_cache.expire.ns() > 1, {path + ".design.page_cache.expire"},
             "data that expires at once would never be cached");
}

void check_groups(const Scenario& s, Checker& check) {
  std::uint64_t ranks = 0;
  for (std::size_t i = 0; i < s.clients.size(); ++i) {
    const std::string path = fmt::format("clients[{}]", i);
    const ClientGroup& group = s.clients[i];
    check_workload(group, path, check);
    check_design(group, path, check);
    check_memory(group, path, check);
    check_share_server(s, group, path, check);
    check_split(s, group, path, check);
    const auto first = std::ranges::find(s.clients, group.name, &ClientGroup::name);
    check.rule(first == s.clients.begin() + static_cast<std::ptrdiff_t>(i), {path + ".name"},
               fmt::format("the name \"{}\" belongs to an earlier group", group.name));
    ranks += group.ranks();
  }
  check.rule(ranks <= kMostRanks, {"clients"},
             fmt::format("{} ranks in all; at most {} would be right", ranks, kMostRanks));
}

}  // namespace

void check_scenario(const Scenario& scenario, const std::string& file, Faults& faults) {
  Checker check(file, faults);
  check_cluster(scenario, check);
  check_groups(scenario, check);
  check_faults(scenario, file, faults);
}

}  // namespace scenarios
