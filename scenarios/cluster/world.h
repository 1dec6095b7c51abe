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
#include "transport/faulty_network.h"
#include "transport/traffic.h"

namespace scenarios {

// Called now and then during a run; must be cheap.
using Progress = std::function<void()>;

class WorldModel {
 public:
  virtual ~WorldModel() = default;
  virtual sim::Loop& loop() = 0;
  // Carries everything; what is to be lost or late on purpose it is told.
  virtual transport::FaultyNetwork& network() = 0;
  // Makes the next node: its interface and its processors. Nodes are numbered from 0 in the order
  // in which they are made.
  virtual sim::Status add_node(std::string name, const NodeSpec& spec) = 0;
  virtual sim::Host& host(transport::NodeId node) = 0;
  // The node's server stops, or is there again where it was. Connections to it break, where there
  // are any; where not, others find out by what it does not answer.
  virtual void stop(transport::NodeId node) = 0;
  virtual void resume(transport::NodeId node) = 0;
  // Runs until every task that is not a daemon has finished.
  virtual sim::Status run(const Progress& progress) = 0;
  // What was carried so far.
  virtual const transport::TrafficCounts& traffic() const = 0;
  // Interfaces and links that can be told busy; none where they cannot.
  virtual std::vector<transport::PortUse> ports() = 0;
};

struct WorldParams {
  std::uint64_t seed = 1;
  HardwareSpec hardware;
  // The longest that a call of the run may wait for its answer: what waits for longer than that and
  // a margin, while nothing but daemons moves, is taken for a deadlock.
  sim::Duration longest_timeout = sim::seconds(100);

  sim::Duration patience() const { return 2 * longest_timeout + sim::seconds(800); }
};

// Virtual time over the fabric model of the hardware.
std::unique_ptr<WorldModel> make_sim_world(const WorldParams& params);
// Real time over TCP on the loopback interface. What of the hardware plays no part there, notes.h
// tells.
std::unique_ptr<WorldModel> make_socket_world(const WorldParams& params);

}  // namespace scenarios
