#include "transport/fabric/topology.h"

#include <fmt/core.h>

#include <utility>

#include "sim/status.h"

namespace transport {
namespace {

sim::Rate uplink_rate(const TopologyParams& params) {
  if (!params.two_tier) {
    return {};
  }
  const TwoTier& t = *params.two_tier;
  sim::check(t.leaf_ports >= 1, "a leaf switch needs at least one port");
  sim::check(t.over >= 1 && t.under >= 1, "an oversubscription is a ratio of numbers from 1");
  // Rounded down, but never to 0, which would mean unlimited.
  const unsigned __int128 rate = static_cast<unsigned __int128>(t.leaf_ports) *
                                 params.nic_rate.bytes_per_second() * t.under / t.over;
  const bool limited = !params.nic_rate.unlimited();
  return sim::Rate(limited && rate == 0 ? 1 : static_cast<std::uint64_t>(rate));
}

template <typename T>
T& at_growing(std::vector<T>& table, NodeId node) {
  if (table.size() <= node) {
    table.resize(node + std::size_t{1});
  }
  return table[node];
}

}  // namespace

Topology::Topology(TopologyParams params) : params_(params), uplink_rate_(uplink_rate(params)) {
  sim::check(params.latency >= sim::Duration(), "a latency is negative");
}

void Topology::set_nic_rate(NodeId node, sim::Rate rate) { at_growing(nic_rates_, node) = rate; }

void Topology::set_delay(NodeId node, sim::Duration delay) {
  sim::check(delay >= sim::Duration(), "a delay is negative");
  at_growing(delays_, node) = delay;
}

void Topology::set_name(NodeId node, std::string name) { names_[node] = std::move(name); }

sim::Rate Topology::nic_rate(NodeId node) const {
  return node < nic_rates_.size() ? nic_rates_[node].value_or(params_.nic_rate) : params_.nic_rate;
}

sim::Rate Topology::rate(PortId port) const {
  const bool of_node = port.kind == PortKind::tx || port.kind == PortKind::rx;
  return of_node ? nic_rate(port.index) : uplink_rate_;
}

void Topology::add(Path& path, PortKind kind, std::uint32_t index) const {
  const PortId port{kind, index};
  if (!rate(port).unlimited()) {
    path.ports[path.length++] = port;
  }
}

Path Topology::path(NodeId from, NodeId to) const {
  Path path;
  path.delay = params_.latency;
  for (const NodeId node : {from, to}) {
    path.delay += node < delays_.size() ? delays_[node] : sim::Duration();
  }
  add(path, PortKind::tx, from);
  if (params_.two_tier && leaf_of(from) != leaf_of(to)) {
    add(path, PortKind::leaf_up, leaf_of(from));
    add(path, PortKind::leaf_down, leaf_of(to));
  }
  add(path, PortKind::rx, to);
  return path;
}

std::string Topology::name(PortId port) const {
  switch (port.kind) {
    case PortKind::leaf_up:
      return fmt::format("leaf{}.up", port.index);
    case PortKind::leaf_down:
      return fmt::format("leaf{}.down", port.index);
    case PortKind::tx:
    case PortKind::rx:
      break;
  }
  const auto named = names_.find(port.index);
  const std::string node =
      named != names_.end() ? named->second : fmt::format("node{}", port.index);
  return node + (port.kind == PortKind::tx ? ".tx" : ".rx");
}

}  // namespace transport
