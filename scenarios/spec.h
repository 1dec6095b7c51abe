// A scenario: what is simulated, by whom, with which workload. Plain data; spec_reader.h fills it,
// spec_printer.h prints it, and spec_fields.h lists the fields once for both.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "scenarios/design.h"
#include "scenarios/hardware.h"

namespace scenarios {

enum class World : std::uint8_t { sim, socket };

// When the operations of a trace are issued.
enum class Timing : std::uint8_t { as_fast_as_possible, as_recorded };

// Which files of a trace are replayed.
enum class TraceMounts : std::uint8_t { all, lustre_only };

// What the ranks of a group do. Exactly one of ior, ior_script and dxt is not empty.
struct WorkloadSpec {
  std::string ior;         // an IOR command line or script, verbatim
  std::string ior_script;  // path of an IOR script, relative to Scenario::directory
  std::string dxt;         // path of a Darshan DXT text dump, relative likewise
  Timing timing = Timing::as_fast_as_possible;  // of a dxt
  TraceMounts mounts = TraceMounts::all;        // of a dxt
  std::uint32_t tasks =
      0;  // ranks over all nodes of the group; 0 = count × tasks_per_node. Not for a dxt
  bool operator==(const WorkloadSpec&) const = default;
};

// Clients alike: the same design, workload and layout.
struct ClientGroup {
  std::string name;                  // in reports; never empty and unique once read
  std::uint32_t count = 1;           // client nodes
  std::uint32_t tasks_per_node = 1;  // ranks on each, unless workload.tasks says otherwise
  DesignSpec design;
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

  // Where relative paths in the workloads begin; "" = the working directory. Not part of the
  // scenario's identity: neither printed nor hashed.
  std::string directory;

  bool operator==(const Scenario&) const = default;

  // The layout a group's files get.
  const std::string& layout_of(const ClientGroup& group) const {
    return group.layout.empty() ? layout : group.layout;
  }
};

}  // namespace scenarios
