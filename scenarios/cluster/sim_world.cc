#include <fmt/format.h>

#include "scenarios/cluster/world.h"
#include "transport/fabric/make_fabric.h"
#include "transport/sim_network.h"

namespace scenarios {
namespace {

// Events between two calls of the progress function.
constexpr int kSlice = 1 << 16;

transport::TopologyParams topology_params(const FabricSpec& fabric) {
  transport::TopologyParams params;
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
  return profile;
}

class SimWorld final : public WorldModel {
 public:
  SimWorld(std::uint64_t seed, const FabricSpec& fabric)
      : loop_(seed),
        topology_(topology_params(fabric)),
        fabric_(transport::make_fabric(transport::FabricModel::fast, loop_, topology_)),
        network_(loop_, *fabric_) {}

  sim::Loop& loop() override { return loop_; }
  transport::Network& network() override { return network_; }
  sim::Host& host(transport::NodeId node) override { return *hosts_[node]; }
  const transport::TrafficCounts& traffic() const override { return network_.traffic(); }
  std::vector<transport::PortUse> ports() override { return fabric_->ports(); }

  sim::Status add_node(std::string name, const NodeSpec& spec) override {
    const auto node = static_cast<transport::NodeId>(hosts_.size());
    topology_.set_nic_rate(node, spec.nic_rate);
    topology_.set_name(node, name);
    hosts_.push_back(std::make_unique<sim::ModelledHost>(loop_, name + ".cpu", profile(spec)));
    network_.set_cost(node, {&hosts_.back()->cpu(), spec.cpu_per_message});
    return {};
  }

  sim::Status run(const Progress& progress) override {
    while (loop_.alive() > 0) {
      for (int i = 0; i < kSlice && loop_.alive() > 0; ++i) {
        if (!loop_.step() || loop_.stuck(kPatience)) {
          return sim::run_virtual(loop_, kPatience);  // tells who waits for what
        }
      }
      progress();
    }
    return {};
  }

 private:
  // Longer than every time-out of the protocol.
  static constexpr sim::Duration kPatience = sim::seconds(1000);

  sim::Loop loop_;
  transport::Topology topology_;
  std::unique_ptr<transport::Fabric> fabric_;
  transport::SimNetwork network_;
  std::vector<std::unique_ptr<sim::ModelledHost>> hosts_;
};

}  // namespace

std::unique_ptr<WorldModel> make_sim_world(std::uint64_t seed, const FabricSpec& fabric) {
  return std::make_unique<SimWorld>(seed, fabric);
}

}  // namespace scenarios
