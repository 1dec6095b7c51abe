// The network of the modelled world.
#pragma once

#include <vector>

#include "sim/loop.h"
#include "sim/station.h"
#include "transport/fabric/fabric.h"
#include "transport/network.h"
#include "transport/traffic.h"

namespace transport {

// What a node's processors pay for a message, on `cpu` (null: nothing), to send it and again to
// receive it.
struct MessageCost {
  sim::Station* cpu = nullptr;
  sim::Duration per_message;
};

// Moves messages as they are, and charges the fabric their wire size. Messages from a node to
// itself pay the processors only.
class SimNetwork final : public Network {
 public:
  // Both must outlive the network.
  SimNetwork(sim::Loop& loop, Fabric& fabric);
  ~SimNetwork() override;
  SimNetwork(const SimNetwork&) = delete;
  SimNetwork& operator=(const SimNetwork&) = delete;

  void set_cost(NodeId node, MessageCost cost);
  const TrafficCounts& traffic() const { return traffic_; }

  void attach(Address address, Receiver& receiver) override;
  void detach(Address address) override;
  void send(MessagePtr message) override;

 private:
  struct Flight;
  struct Port {
    std::uint32_t number = 0;
    Receiver* receiver = nullptr;
  };
  struct Node {
    std::vector<Port> ports;  // ascending by number
    MessageCost cost;
  };
  Node& node(NodeId id);
  Receiver* receiver(Address address);
  sim::TimePoint charge(NodeId id);
  void launch(Flight& flight);
  void arrived(Flight& flight);
  void deliver(Flight& flight);

  sim::Loop& loop_;
  Fabric& fabric_;
  std::vector<Node> nodes_;
  TrafficCounts traffic_;
  sim::IntrusiveList<Flight> flights_;
};

}  // namespace transport
