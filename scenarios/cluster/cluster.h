// A whole cluster built from a scenario: servers, targets, stores, and room for clients.
#pragma once

#include <memory>
#include <vector>

#include "scenarios/cluster/world.h"
#include "scenarios/run/meter.h"
#include "scenarios/spec.h"
#include "stripe/client/lov.h"
#include "stripe/server/mdt.h"
#include "stripe/server/modelled_store.h"
#include "stripe/server/oss.h"

namespace scenarios {

// The MDT is on node 0, OSS i on node 1 + i with every OST whose index is i modulo the number of
// OSSs, clients on the nodes behind them.
class Cluster {
 public:
  // An error if the hardware cannot be built. `world` must outlive the cluster.
  static sim::Result<std::unique_ptr<Cluster>> build(WorldModel& world, const ClusterSpec& spec);
  ~Cluster();

  // Makes the next client node.
  sim::Result<transport::NodeId> add_client(const std::string& name);

  WorldModel& world() { return world_; }
  const stripe::ClusterMap& map() const { return map_; }
  const stripe::Mdt& mdt() const { return *mdt_; }
  // Puts `size` bytes of unspecified content under a file of this layout, past every service: what
  // a file holds that existed before the run. All its mirrors get it but those that are stale.
  sim::Task<sim::Status> prefill(const stripe::Layout& layout, sim::Bytes size);

  // Counters of everything the cluster has, for a snapshot.
  std::vector<ResourceCounter> resources();
  std::vector<OstCounter> osts() const;
  // Threads of the MDT and of the OSTs' bulk services that hold a request now.
  std::size_t busy_threads() const;

 private:
  struct Oss;
  Cluster(WorldModel& world, const ClusterSpec& spec);
  sim::Status add_servers();
  void add_server(Oss& oss, const std::string& name);
  sim::Status add_ost(std::uint32_t index);
  sim::Status add_mdt();
  sim::Task<sim::Status> fill_object(const stripe::Component& component, std::uint32_t stripe,
                                     sim::Bytes size);

  WorldModel& world_;
  const ClusterSpec spec_;
  stripe::ClusterMap map_;
  std::unique_ptr<stripe::MetaStore> meta_store_;
  std::unique_ptr<stripe::ModelledStore> dom_store_;
  std::vector<std::unique_ptr<Oss>> osses_;
  std::vector<std::unique_ptr<stripe::ModelledStore>> stores_;
  std::vector<std::unique_ptr<stripe::Oss>> servers_;  // by number of the OSS
  std::vector<stripe::Ost*> osts_;                     // theirs, by index
  std::unique_ptr<stripe::Mdt> mdt_;
  std::uint32_t nodes_ = 0;
};

}  // namespace scenarios
