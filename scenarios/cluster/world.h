// The world a cluster stands in: which time, which network, which processors. The one place where a
// run's two worlds are told apart; nothing built on it can ask.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "scenarios/hardware.h"
#include "sim/host.h"
#include "transport/fabric/fabric.h"
#include "transport/network.h"
#include "transport/traffic.h"

namespace scenarios {

// Called now and then during a run; must be cheap.
using Progress = std::function<void()>;

class WorldModel {
 public:
  virtual ~WorldModel() = default;
  virtual sim::Loop& loop() = 0;
  virtual transport::Network& network() = 0;
  // Makes the next node: its interface and its processors. Nodes are numbered from 0 in the order
  // in which they are made.
  virtual sim::Status add_node(std::string name, const NodeSpec& spec) = 0;
  virtual sim::Host& host(transport::NodeId node) = 0;
  // Runs until every task that is not a daemon has finished.
  virtual sim::Status run(const Progress& progress) = 0;
  // What was carried so far.
  virtual const transport::TrafficCounts& traffic() const = 0;
  // Interfaces and links that can be told busy; none where they cannot.
  virtual std::vector<transport::PortUse> ports() = 0;
};

// Virtual time over the fabric model of `fabric`.
std::unique_ptr<WorldModel> make_sim_world(std::uint64_t seed, const FabricSpec& fabric);
// Real time over TCP on the loopback interface. The hardware's node and fabric figures play no
// part.
std::unique_ptr<WorldModel> make_socket_world(std::uint64_t seed);

}  // namespace scenarios
