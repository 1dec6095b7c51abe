// Which ports a message passes, how fast each is, and how far apart two nodes are.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/units.h"
#include "transport/message.h"

namespace transport {

// In the order in which a message meets them; every path visits a rising sequence of kinds, so
// ports never wait for each other in a circle.
enum class PortKind : std::uint8_t {
  tx,         // of a node's interface; index = node
  leaf_up,    // from a leaf switch to the spine; index = leaf
  leaf_down,  // from the spine to a leaf switch; index = leaf
  rx,         // of a node's interface; index = node
};
inline constexpr std::size_t kPortKinds = 4;

struct PortId {
  PortKind kind = PortKind::tx;
  std::uint32_t index = 0;
  auto operator<=>(const PortId&) const = default;
};

// The ports with a limited rate between two nodes, first to last; others take no time and are left
// out. `delay` is the one-way latency: the head of a message is that late at the port after the
// sender's, or at the receiver where no port follows.
struct Path {
  std::array<PortId, kPortKinds> ports;
  std::uint32_t length = 0;
  sim::Duration delay;
};

// Leaf switches under one spine that is never a bottleneck itself. Nodes fill leaves in order of
// their numbers.
struct TwoTier {
  std::uint32_t leaf_ports = 24;  // nodes per leaf, at least 1
  // Of a leaf's interfaces to its uplink, as a ratio over:under of numbers from 1: 2:1 halves the
  // uplink. Uplink rate = leaf_ports × nic_rate × under ÷ over, each way.
  std::uint32_t over = 1;
  std::uint32_t under = 1;
};

struct TopologyParams {
  sim::Rate nic_rate{12'500'000'000};              // each way; 100 Gbit/s, EDR InfiniBand
  sim::Duration latency = sim::microseconds(2);    // one way, between any two nodes
  std::optional<TwoTier> two_tier = std::nullopt;  // none: a star, every port on one switch
};

// A plain description; fabrics read it when a message is sent. Rates must be set before the node's
// first message, names and delays may change at any time.
class Topology {
 public:
  explicit Topology(TopologyParams params);

  // Gives `node` another rate than params.nic_rate. Uplinks keep theirs.
  void set_nic_rate(NodeId node, sim::Rate rate);
  // Adds `delay` to the latency of every message sent to or from `node` from now on.
  void set_delay(NodeId node, sim::Duration delay);
  // What `node` is called in reports; "node3" unless set.
  void set_name(NodeId node, std::string name);

  Path path(NodeId from, NodeId to) const;
  sim::Rate rate(PortId port) const;
  // "oss3.tx", "leaf0.up".
  std::string name(PortId port) const;

 private:
  std::uint32_t leaf_of(NodeId node) const { return node / params_.two_tier->leaf_ports; }
  sim::Rate nic_rate(NodeId node) const;
  void add(Path& path, PortKind kind, std::uint32_t index) const;

  TopologyParams params_;
  sim::Rate uplink_rate_;
  // Exceptions only, by node.
  std::vector<std::optional<sim::Rate>> nic_rates_;
  std::vector<sim::Duration> delays_;
  std::map<NodeId, std::string> names_;
};

}  // namespace transport
