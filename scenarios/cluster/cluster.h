// A whole cluster built from a scenario: servers, targets, stores, and room for clients.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cachemodel/ldlm/lock.h"
#include "reports/result.h"
#include "scenarios/cluster/counters.h"
#include "scenarios/cluster/world.h"
#include "scenarios/spec.h"
#include "stripe/client/cluster_map.h"
#include "stripe/layout/layout.h"
#include "stripe/server/io_counts.h"

namespace stripe {
class Grants;
class Mdt;
class MemoryMetaStore;
class ModelledStore;
class Oss;
class OssCache;
class Ost;
class ShareServer;
struct MdtRecord;
struct StoreSpace;
}  // namespace stripe
namespace transport {
class Service;
struct Eviction;
}  // namespace transport

namespace scenarios {

// The MDT is on node 0, OSS i on node 1 + i with every OST whose index is i modulo the number of
// OSSs, clients on the nodes behind them.
class Cluster {
 public:
  // An error if the hardware cannot be built. `world` must outlive the cluster. `restarts`: object
  // servers may be stopped, `mds_restarts`: the metadata server; only then do they remember what
  // they would lose.
  static sim::Result<std::unique_ptr<Cluster>> build(WorldModel& world, const ClusterSpec& spec,
                                                     bool restarts = false,
                                                     bool mds_restarts = false);
  ~Cluster();

  // Makes the next client node.
  sim::Result<transport::NodeId> add_client(const std::string& name);

  // The node of that name ("mds0", "oss3", or as a client was called); nothing if there is none.
  std::optional<transport::NodeId> node_called(std::string_view name) const;

  // OSS `number` loses what it has in memory only, and is away until it is started again.
  void stop_oss(std::uint32_t number);
  void start_oss(std::uint32_t number);
  // The same of the MDS.
  void stop_mds();
  void start_mds();

  WorldModel& world() { return world_; }
  sim::TimePoint now() const { return world_.loop().now(); }
  const stripe::ClusterMap& map() const { return map_; }
  // While it is not away.
  const stripe::Mdt& mdt() const { return *mdt_; }
  const stripe::Grants& grants(std::uint32_t ost) const;
  stripe::StoreSpace space(std::uint32_t ost) const;
  // Puts `size` bytes of unspecified content under a file of this layout, past every service: what
  // a file holds that existed before the run. All its mirrors get it but those that are stale.
  sim::Task<sim::Status> prefill(const stripe::Layout& layout, sim::Bytes size);

  // Counters of everything the cluster has, for a snapshot.
  std::vector<ResourceCounter> resources();
  std::vector<OstCounter> osts() const;
  OssCacheCounter oss_caches() const;
  // What its servers did to clients and went through themselves, so far.
  reports::Liveness liveness() const;
  // Whom the target at `target` has given up so far, in order of time; and its server's name.
  std::vector<transport::Eviction> evicted_by(transport::Address target) const;
  const std::string& server_of(transport::Address target) const { return nodes_[target.node]; }
  // Threads of the MDT and of the OSTs' bulk services that hold a request now.
  std::size_t busy_threads() const;

 private:
  struct Oss {
    transport::NodeId node = 0;
    std::unique_ptr<stripe::OssCache> cache;  // null: none
    std::vector<ResourceCounter> threads;     // of servers that have stopped, added up
  };
  // What a target leaves behind when its server stops.
  struct Left {
    std::vector<transport::Address> clients;
    std::uint64_t last_change = 0;
    std::uint64_t committed = 0;
    cachemodel::LockHandle last_handle = 0;
    std::uint64_t undone = 0;
    stripe::IoCounts counts;  // of all its time
    std::vector<transport::Eviction> evicted;
    std::uint64_t callback_timeouts = 0;
  };
  struct Restart {
    std::optional<std::uint32_t> oss;  // nothing: the MDS
    std::uint64_t undone = 0;
    std::optional<reports::Recovery> ended;  // of a server that has been stopped again
  };
  Cluster(WorldModel& world, const ClusterSpec& spec, bool restarts, bool mds_restarts);
  reports::Recovery recovery_of(const Restart& restart) const;
  void recoveries_end(std::optional<std::uint32_t> oss);
  void leave_behind(std::uint32_t ost);
  template <typename Visit>
  void for_each_ost_of(std::uint32_t oss, Visit visit) const {
    for (std::uint32_t i = oss; i < spec_.osts; i += spec_.oss) {
      visit(i);
    }
  }
  sim::Status add_node(const std::string& name, const NodeSpec& spec);
  sim::Status add_servers();
  std::unique_ptr<stripe::Oss> make_server(std::uint32_t number);
  void start_ost(std::uint32_t index);
  static ResourceCounter threads_of(const transport::Service& service);
  std::vector<ResourceCounter> threads_of(std::uint32_t oss) const;
  sim::Status add_ost(std::uint32_t index);
  sim::Status add_mdt();
  void make_mdt();
  std::vector<ResourceCounter> threads_of_mdt() const;
  void add_share_servers();
  sim::Task<sim::Status> fill_object(const stripe::Component& component, std::uint32_t stripe,
                                     sim::Bytes size);

  WorldModel& world_;
  const ClusterSpec spec_;
  const bool restarts_;
  const bool mds_restarts_;
  stripe::ClusterMap map_;
  std::unique_ptr<stripe::MemoryMetaStore> meta_store_;
  std::unique_ptr<stripe::ModelledStore> dom_store_;
  std::vector<std::unique_ptr<Oss>> osses_;
  std::vector<std::unique_ptr<stripe::ModelledStore>> stores_;
  std::vector<std::unique_ptr<stripe::Oss>> servers_;  // by number of the OSS
  std::vector<stripe::Ost*> osts_;    // theirs, by index; null while their server is away
  std::vector<Left> left_;            // by index of the OST
  std::vector<Restart> restarted_;    // in order of time
  std::unique_ptr<stripe::Mdt> mdt_;  // null while its server is away
  std::unique_ptr<stripe::MdtRecord> mdt_record_;
  Left mdt_left_;
  std::vector<ResourceCounter> mdt_threads_;  // of those that have stopped, added up
  std::vector<std::unique_ptr<stripe::ShareServer>> share_servers_;
  std::vector<std::string> nodes_;  // their names
};

}  // namespace scenarios
