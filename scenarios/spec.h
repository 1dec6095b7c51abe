// A scenario: what is simulated, by whom, with which workload. Plain data; spec_reader.h fills it,
// spec_printer.h prints it, and spec_fields.h lists the fields once for both.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/design.h"
#include "scenarios/hardware.h"
#include "scenarios/spec_faults.h"
#include "scenarios/spec_sweep.h"

namespace scenarios {

enum class World : std::uint8_t { sim, socket };

// When the operations of a trace are issued.
enum class Timing : std::uint8_t { as_fast_as_possible, as_recorded };

// Which files of a trace are replayed.
enum class TraceMounts : std::uint8_t { all, lustre_only };

// How several clients use the same files; scenarios/workload/sharing/ has a file on each.
enum class SharingPattern : std::uint8_t {
  producer_consumer,
  read_mostly,
  ping_pong,
  append,
  read_modify_write,
  reopen,
  random_mix
};

// What a group's ranks do of their pattern.
enum class SharingRole : std::uint8_t { all, writer, reader };

// Groups whose sharing has the same name are one set: they share files and wait for each other.
// They agree on pattern, file_size, record, rounds and files.
struct SharingSpec {
  std::string name = "shared";
  SharingPattern pattern = SharingPattern::random_mix;
  SharingRole role = SharingRole::all;
  sim::Bytes file_size = 16 * sim::kMiB;
  sim::Bytes record = 4 * sim::kKiB;   // of one read or write
  std::uint32_t rounds = 100;          // of every rank
  std::uint32_t files = 1;             // of the set
  std::uint32_t write_percent = 10;    // of a rank's operations; random_mix
  std::uint32_t locality_percent = 0;  // of the records picked: from the first tenth only
  sim::Duration think;                 // mean of the exponential pause before each round
  sim::Duration delay;                 // from being told of a write to reading it
  bool fsync = false;                  // after each write
  bool open_per_round = false;         // else a file stays open from beginning to end
  bool operator==(const SharingSpec&) const = default;
};

// What the ranks of a group do. Exactly one of ior, ior_script, dxt and sharing is there.
struct WorkloadSpec {
  std::string ior;         // an IOR command line or script, verbatim
  std::string ior_script;  // path of an IOR script, relative to Scenario::directory
  std::string dxt;         // path of a Darshan DXT text dump, relative likewise
  std::optional<SharingSpec> sharing;
  Timing timing = Timing::as_fast_as_possible;  // of a dxt
  TraceMounts mounts = TraceMounts::all;        // of a dxt
  std::uint32_t tasks =
      0;  // ranks over all nodes of the group; 0 = count × tasks_per_node. Not for a dxt
  bool operator==(const WorkloadSpec&) const = default;
};

// The memory of each of a group's nodes, which other programs use too: `others_low` in the first
// half of each period, then `others_high`. Size 0: there is always enough.
struct MemorySpec {
  sim::Bytes size = 0;
  sim::Bytes others_low = 0;
  sim::Bytes others_high = 0;
  sim::Duration period = sim::seconds(60);
  sim::Duration swap_latency = sim::microseconds(100);  // to bring back a page of 4 KiB
  bool operator==(const MemorySpec&) const = default;
};

// Clients alike: the same design, workload and layout.
struct ClientGroup {
  std::string name;                  // in reports; never empty and unique once read
  std::uint32_t count = 1;           // client nodes
  std::uint32_t tasks_per_node = 1;  // ranks on each, unless workload.tasks says otherwise
  DesignSpec design;
  MemorySpec memory;
  WorkloadSpec workload;
  std::string layout;  // an lfs setstripe option string; empty = the scenario's
  bool operator==(const ClientGroup&) const = default;

  // Ranks of the group: workload.tasks, or count × tasks_per_node.
  std::uint32_t ranks() const {
    return workload.tasks != 0 ? workload.tasks : count * tasks_per_node;
  }
  // Ranks of one node, the last ones having fewer when it does not come out even.
  std::uint32_t ranks_per_node() const { return (ranks() + count - 1) / count; }
};

// OSTs by name, for layouts that ask for a pool; no OST stands twice in one.
using PoolsSpec = std::map<std::string, std::vector<std::uint32_t>, std::less<>>;

struct ClusterSpec {
  std::uint32_t osts = 1;
  std::uint32_t oss = 1;  // OST i belongs to OSS i mod oss; left out: one OSS per OST
  std::uint32_t mdts = 1;
  // Servers that grant oplocks: the first on the metadata node, the next ones on the OSS nodes.
  std::uint32_t share_servers = 1;
  PoolsSpec pools;
  HardwareSpec hardware;  // of the file named, with the scenario's overrides applied
  bool operator==(const ClusterSpec&) const = default;
};

struct Scenario {
  std::string name;
  std::string description;
  std::uint64_t seed = 1;
  World world = World::sim;
  ClusterSpec cluster;
  std::vector<ClientGroup> clients;  // at least one
  std::string layout;   // an lfs setstripe option string; empty = the file system's default
  bool verify = false;  // compare every word read with the writes issued to its place
  bool check_coherence = false;   // judge what reads saw even if no workload is a sharing one
  sim::Duration staleness_bound;  // of bounded staleness, judged unless it is 0
  std::vector<FaultSpec> faults;  // in any order
  SweepSpec sweep;                // of the file; a variant made of it has none

  // Where relative paths in the workloads begin; "" = the working directory. Not part of the
  // scenario's identity: neither printed nor hashed.
  std::string directory;

  bool operator==(const Scenario&) const = default;

  // Whether a history is kept and judged.
  bool judges_coherence() const;
  // The layout a group's files get.
  const std::string& layout_of(const ClientGroup& group) const {
    return group.layout.empty() ? layout : group.layout;
  }
};

inline bool Scenario::judges_coherence() const {
  return check_coherence || std::ranges::any_of(clients, [](const ClientGroup& group) {
           return group.workload.sharing.has_value();
         });
}

}  // namespace scenarios
