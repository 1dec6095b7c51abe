// The network of the modelled world.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <vector>

#include "sim/loop.h"
#include "sim/station.h"
#include "transport/fabric/fabric.h"
#include "transport/network.h"
#include "transport/traffic.h"

namespace transport {

// What a node's processors pay for a message, on `cpu` (null: nothing; nodes may share one), to
// send it and again to receive it.
struct MessageCost {
  sim::Station* cpu = nullptr;
  sim::Duration per_message = {};
  // For every KiB of the wire size, in proportion and rounded up to a whole nanosecond.
  sim::Duration per_kib = {};
};

// Moves messages as they are, and charges the fabric their wire size. A message first costs its
// sender's processors, then crosses the fabric, then costs its receiver's; messages from a node to
// itself pay the processors only. Of one kind class from one address to another a message that
// overtook an earlier one, as a short one does at a shared port, is held until that is delivered.
//
// message->transit adds up to the time from send() to delivery, to the nanosecond; being held is
// part of `fabric`. Every delivery goes into the loop's digest.
class SimNetwork final : public Network {
 public:
  // Both must outlive the network, and so must the stations until its last send or delivery. What
  // is under way when the network is destroyed is never delivered.
  SimNetwork(sim::Loop& loop, Fabric& fabric);
  ~SimNetwork() override;
  SimNetwork(const SimNetwork&) = delete;
  SimNetwork& operator=(const SimNetwork&) = delete;

  // From the next message on. Nodes cost nothing unless set.
  void set_cost(NodeId node, MessageCost cost);
  // Of messages handed to a receiver.
  const TrafficCounts& traffic() const { return traffic_; }
  // Messages that arrived where nobody was attached.
  std::uint64_t dropped() const { return dropped_; }
  // Messages sent and neither delivered nor dropped yet.
  std::size_t under_way() const { return under_way_; }

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
  // What keeps its order: one kind class from one address to another.
  struct Channel {
    Address from;
    Address to;
    bool bulk = false;
    bool operator==(const Channel&) const = default;
  };
  struct ChannelHash {
    std::size_t operator()(const Channel& channel) const;
  };
  static Channel channel_of(const Message& message);

  Node& node(NodeId id);
  Receiver* receiver(Address address);
  sim::TimePoint charge(NodeId id, sim::Bytes bytes);
  void launch(Flight& flight);
  void arrived(Flight& flight);
  void received(Flight& flight);
  void enqueue(Flight& flight);
  void dequeue(Flight& flight);
  void hand_over(Flight& flight);

  sim::Loop& loop_;
  Fabric& fabric_;
  std::vector<Node> nodes_;  // by id, up to the largest seen
  TrafficCounts traffic_;
  std::uint64_t dropped_ = 0;
  std::size_t under_way_ = 0;
  sim::IntrusiveList<Flight> flights_;
  // The youngest flight of each channel that has any. Never walked through.
  boost::unordered_flat_map<Channel, Flight*, ChannelHash> youngest_;
};

}  // namespace transport
