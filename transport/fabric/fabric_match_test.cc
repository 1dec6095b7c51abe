// The fast model against the reference, on random traffic. The promise is: equal on one shared port
// and unloaded, elsewhere within one quantum per competing message, and 3 % on the mean. What is
// tested is more: equal to the nanosecond everywhere.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "sim/rng.h"
#include "transport/fabric/fabric_world.h"
#include "transport/fabric/quanta.h"

namespace transport {
namespace {

using sim::Bytes;
using sim::Rng;
using sim::TimePoint;

struct Traffic {
  std::uint32_t nodes = 2;
  std::uint32_t senders = 1;    // nodes from 0 on
  std::uint32_t receivers = 1;  // the last nodes
  std::uint32_t messages = 10;
  std::int64_t window_ns = 100'000;  // in which they are sent
  Bytes largest = 4 * sim::kMiB;
};

// Sizes around the bounds of quanta as often as any others, and small ones as often as large ones.
Bytes draw_size(Rng& rng, Bytes largest) {
  switch (rng.below(4)) {
    case 0:
      return 1 + rng.below(1024);
    case 1: {
      const Bytes bound = kQuantum * (1 + rng.below(largest / kQuantum));
      return bound + rng.below(3) - 1;
    }
    case 2:
      return kQuantum * (1 + rng.below(largest / kQuantum));
    default:
      return 1 + rng.below(largest);
  }
}

std::vector<Sending> draw(Rng& rng, const Traffic& traffic) {
  std::vector<Sending> plan;
  const std::uint32_t first_receiver = traffic.nodes - traffic.receivers;
  while (plan.size() < traffic.messages) {
    Sending s;
    // Every third at a round instant, so that some are sent at the same time.
    const auto at =
        static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(traffic.window_ns)));
    s.at = TimePoint(rng.chance(1, 3) ? at / 5243 * 5243 : at);
    s.from = static_cast<NodeId>(rng.below(traffic.senders));
    s.to = first_receiver + static_cast<NodeId>(rng.below(traffic.receivers));
    s.bytes = draw_size(rng, traffic.largest);
    if (s.from != s.to) {
      plan.push_back(s);
    }
  }
  std::stable_sort(plan.begin(), plan.end(),
                   [](const Sending& a, const Sending& b) { return a.at < b.at; });
  return plan;
}

// What differs, in words; empty if nothing does.
std::string difference(const Topology& topology, const std::vector<Sending>& plan) {
  FabricWorld fast(FabricModel::fast, topology);
  FabricWorld reference(FabricModel::reference, topology);
  fast.run(plan);
  reference.run(plan);
  std::int64_t worst = 0;
  std::int64_t fast_sum = 0;
  std::int64_t reference_sum = 0;
  std::size_t worst_at = 0;
  std::size_t wrong_transits = 0;
  for (std::size_t i = 0; i < plan.size(); ++i) {
    const auto& f = fast.sent()[i];
    const auto& r = reference.sent()[i];
    if (!f.done || !r.done) {
      return fmt::format("message {} of {} never arrived ({})", i, plan.size(),
                         f.done ? "reference" : "fast");
    }
    const std::int64_t error = (f.arrived - r.arrived).ns();
    if (std::abs(error) > std::abs(worst)) {
      worst = error;
      worst_at = i;
    }
    fast_sum += (f.arrived - f.sent).ns();
    reference_sum += (r.arrived - r.sent).ns();
    wrong_transits += f.transit.nic != r.transit.nic || f.transit.fabric != r.transit.fabric;
  }
  if (worst == 0 && wrong_transits == 0) {
    return {};
  }
  return fmt::format(
      "largest error {} ns at message {} of {}, mean {} ns instead of {}, {} transits", worst,
      worst_at, plan.size(), fast_sum / static_cast<std::int64_t>(plan.size()),
      reference_sum / static_cast<std::int64_t>(plan.size()), wrong_transits);
}

// `cases` random plans over topologies drawn by `draw_topology`.
template <typename DrawTopology>
void expect_equal(std::string_view name, int cases, const Traffic& most,
                  DrawTopology draw_topology) {
  const Rng root(20240607);
  for (int i = 0; i < cases; ++i) {
    Rng rng = root.split(name, static_cast<std::uint64_t>(i));
    const Topology topology = draw_topology(rng);
    Traffic traffic = most;
    traffic.messages = 1 + static_cast<std::uint32_t>(rng.below(most.messages));
    traffic.window_ns =
        1 + static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(most.window_ns)));
    const std::string found = difference(topology, draw(rng, traffic));
    ASSERT_EQ(found, "") << "case " << i;
  }
}

sim::Rate draw_rate(Rng& rng) {
  constexpr std::uint64_t kRates[] = {125'000'000,    1'000'000'007,  6'750'000'000,
                                      12'500'000'000, 25'000'000'000, 65'536'000'000'000};
  return sim::Rate(kRates[rng.below(std::size(kRates))]);
}

TopologyParams draw_params(Rng& rng) {
  TopologyParams params;
  params.nic_rate = draw_rate(rng);
  params.latency =
      sim::nanoseconds(rng.chance(1, 4) ? 0 : static_cast<std::int64_t>(rng.below(9000)));
  return params;
}

Topology star(Rng& rng) { return Topology(draw_params(rng)); }

Topology mixed_star(Rng& rng, std::uint32_t nodes) {
  Topology topology = star(rng);
  for (NodeId node = 0; node < nodes; ++node) {
    if (rng.chance(1, 2)) {
      topology.set_nic_rate(node, rng.chance(1, 8) ? sim::Rate() : draw_rate(rng));
    }
    if (rng.chance(1, 8)) {
      topology.set_delay(node, sim::nanoseconds(static_cast<std::int64_t>(rng.below(100'000))));
    }
  }
  return topology;
}

TEST(FastFabric, OneSharedSenderPortEqualsReference) {
  Traffic traffic{.nodes = 9, .senders = 1, .receivers = 8, .messages = 40};
  expect_equal("tx", 200, traffic, star);
}

TEST(FastFabric, OneSharedReceiverPortEqualsReference) {
  Traffic traffic{.nodes = 17, .senders = 16, .receivers = 1, .messages = 60};
  expect_equal("rx", 200, traffic, star);
}

TEST(FastFabric, BothPortsSharedByTwoNodesEqualReference) {
  Traffic traffic{.nodes = 2, .senders = 2, .receivers = 2, .messages = 40};
  expect_equal("pair", 200, traffic, star);
}

TEST(FastFabric, ManyToManyOnAStarEqualsReference) {
  Traffic traffic{.nodes = 8, .senders = 8, .receivers = 8, .messages = 150, .window_ns = 400'000};
  expect_equal("star", 80, traffic, star);
}

TEST(FastFabric, ManyToManyAtDifferentRatesEqualsReference) {
  Traffic traffic{.nodes = 8, .senders = 8, .receivers = 8, .messages = 100, .window_ns = 900'000};
  expect_equal("mixed", 80, traffic, [](Rng& rng) { return mixed_star(rng, 8); });
}

TEST(FastFabric, TwoTiersEqualReference) {
  Traffic traffic{
      .nodes = 12, .senders = 12, .receivers = 12, .messages = 150, .window_ns = 600'000};
  expect_equal("tiers", 60, traffic, [](Rng& rng) {
    TopologyParams params = draw_params(rng);
    params.two_tier = TwoTier{.leaf_ports = 1 + static_cast<std::uint32_t>(rng.below(6)),
                              .over = 1 + static_cast<std::uint32_t>(rng.below(5)),
                              .under = 1 + static_cast<std::uint32_t>(rng.below(2))};
    Topology topology(params);
    topology.set_nic_rate(3, draw_rate(rng));
    topology.set_nic_rate(7, sim::Rate());
    return topology;
  });
}

// More messages on the way to one node than an estimate looks at one by one.
TEST(FastFabric, HundredsOnALongWayEqualReference) {
  Traffic traffic{
      .nodes = 40, .senders = 38, .receivers = 2, .messages = 600, .largest = sim::kMiB};
  expect_equal("long way", 6, traffic, [](Rng& rng) {
    TopologyParams params = draw_params(rng);
    params.latency = sim::milliseconds(2);
    return Topology(params);
  });
}

}  // namespace
}  // namespace transport
