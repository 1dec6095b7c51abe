#include <fmt/core.h>

#include "scenarios/cluster/world.h"
#include "transport/fabric/make_fabric.h"
#include "transport/sim_network.h"

namespace scenarios {
namespace {

// Events between two calls of the progress function.
constexpr int kSlice = 1 << 16;

// Of what leaf switches are made for: the fastest node. Unlimited counts as such.
sim::Rate port_rate(const HardwareSpec& hardware) {
  sim::Rate fastest = hardware.client.nic_rate;
  for (const sim::Rate rate : {hardware.oss.node.nic_rate, hardware.mds.node.nic_rate}) {
    const bool faster = rate.unlimited() || (!fastest.unlimited() && rate > fastest);
    fastest = faster ? rate : fastest;
  }
  return fastest;
}

transport::TopologyParams topology_params(const HardwareSpec& hardware) {
  const FabricSpec& fabric = hardware.fabric;
  transport::TopologyParams params;
  params.nic_rate = port_rate(hardware);
  params.latency = fabric.latency;
  if (const auto* tiers = std::get_if<TwoTierSpec>(&fabric.topology)) {
    params.two_tier = transport::TwoTier{tiers->leaf_ports, tiers->oversubscription.over,
                                         tiers->oversubscription.under};
  }
  return params;
}

sim::HostProfile profile(const NodeSpec& spec) {
  sim::HostProfile profile;
  profile.cores = spec.cores;
  profile.request = sim::Duration();  // forming an RPC is in the cost of its message
  profile.call = spec.cpu_per_call;
  profile.copy = spec.copy_rate;
  profile.checksum = spec.checksum_rate;
  profile.pages = spec.page_rate;
  return profile;
}

class SimWorld final : public WorldModel {
 public:
  explicit SimWorld(const WorldParams& params)
      : patience_(params.patience()),
        loop_(params.seed),
        topology_(topology_params(params.hardware)),
        fabric_(transport::make_fabric(transport::FabricModel::fast, loop_, topology_)),
        network_(loop_, *fabric_),
        faulty_(loop_, network_) {}

  sim::Loop& loop() override { return loop_; }
  transport::FaultyNetwork& network() override { return faulty_; }
  sim::Host& host(transport::NodeId node) override { return *hosts_[node]; }
  const transport::TrafficCounts& traffic() const override { return network_.traffic(); }
  std::vector<transport::PortUse> ports() override { return fabric_->ports(); }

  sim::Status add_node(std::string name, const NodeSpec& spec) override {
    const auto node = static_cast<transport::NodeId>(hosts_.size());
    topology_.set_nic_rate(node, spec.nic_rate);
    topology_.set_name(node, name);
    hosts_.push_back(std::make_unique<sim::ModelledHost>(loop_, name + ".cpu", profile(spec)));
    network_.set_cost(node, {&hosts_.back()->cpu(), spec.cpu_per_message, spec.cpu_per_kib});
    return {};
  }

  // Messages are all there is: those to addresses that are not attached are lost.
  void stop(transport::NodeId) override {}
  void resume(transport::NodeId) override {}

  sim::Status run(const Progress& progress) override {
    while (loop_.alive() > 0) {
      for (int i = 0; i < kSlice && loop_.alive() > 0; ++i) {
        if (!loop_.step() || loop_.stuck(patience_)) {
          return sim::run_virtual(loop_, patience_);  // tells who waits for what
        }
      }
      progress();
    }
    return {};
  }

 private:
  sim::Duration patience_;
  sim::Loop loop_;
  transport::Topology topology_;
  std::unique_ptr<transport::Fabric> fabric_;
  transport::SimNetwork network_;
  transport::FaultyNetwork faulty_;
  std::vector<std::unique_ptr<sim::ModelledHost>> hosts_;
};

}  // namespace

std::unique_ptr<WorldModel> make_sim_world(const WorldParams& params) {
  return std::make_unique<SimWorld>(params);
}

}  // namespace scenarios
