#include "scenarios/cluster/world.h"
#include "stripe/protocol/protocol_codec.h"
#include "transport/real_host.h"
#include "transport/run_real.h"
#include "transport/tcp_network.h"

namespace scenarios {
namespace {

class SocketWorld final : public WorldModel {
 public:
  explicit SocketWorld(const WorldParams& params)
      : patience_(params.patience()),
        loop_(params.seed),
        time_(loop_),
        network_(time_, io_, stripe::decode_body()),
        faulty_(loop_, network_) {}

  sim::Loop& loop() override { return loop_; }
  transport::FaultyNetwork& network() override { return faulty_; }
  sim::Host& host(transport::NodeId node) override { return *hosts_[node]; }
  const transport::TrafficCounts& traffic() const override { return network_.traffic(); }
  std::vector<transport::PortUse> ports() override { return {}; }

  sim::Status add_node(std::string name, const NodeSpec&) override {
    const auto node = static_cast<transport::NodeId>(hosts_.size());
    hosts_.push_back(std::make_unique<transport::RealHost>(time_, name + ".cpu"));
    return network_.open(node);
  }

  void stop(transport::NodeId node) override { network_.stop(node); }
  void resume(transport::NodeId node) override { network_.resume(node); }

  sim::Status run(const Progress& progress) override {
    transport::RealRunLimits limits;
    limits.patience = patience_;
    limits.progress = progress;
    return transport::run_real(time_, io_, limits);
  }

 private:
  sim::Duration patience_;
  sim::Loop loop_;
  boost::asio::io_context io_;
  transport::RealTime time_;
  transport::TcpNetwork network_;
  transport::FaultyNetwork faulty_;
  std::vector<std::unique_ptr<transport::RealHost>> hosts_;
};

}  // namespace

std::unique_ptr<WorldModel> make_socket_world(const WorldParams& params) {
  return std::make_unique<SocketWorld>(params);
}

}  // namespace scenarios
