// What the fast model promises beyond the times: few events, and memory that is reused.
#include "transport/fabric/fast_fabric.h"

#include <gtest/gtest.h>

#include <cstdint>

#include "sim/counting_allocator.h"
#include "transport/fabric/fabric_load.h"
#include "transport/fabric/fabric_world.h"

namespace transport {
namespace {

TEST(FastFabric, UncontendedMessageCostsOneEvent) {
  for (const sim::Bytes bytes : {sim::Bytes{96}, sim::kMiB, 16 * sim::kMiB}) {
    for (const bool tiers : {false, true}) {
      TopologyParams params;
      if (tiers) {
        params.two_tier = TwoTier{.leaf_ports = 1};
      }
      const Topology topology(params);
      FabricWorld world(FabricModel::fast, topology);
      world.send(0, 1, bytes);
      world.run();
      EXPECT_EQ(world.loop().events(), 1u) << bytes << " bytes";
    }
  }
}

// Events per message while 64 nodes keep 8 messages each under way to 16, and while those send
// back.
double events_per_message(LoadParams params) {
  sim::Loop loop(1);
  const Topology topology{TopologyParams()};
  FastFabric fabric(loop, topology);
  FabricLoad load(loop, fabric, params);
  load.run(20'000);
  return static_cast<double>(loop.events()) / static_cast<double>(load.arrived());
}

TEST(FastFabric, LoadedStarCostsAtMostFourEventsPerMessage) {
  constexpr sim::Bytes kBulk = sim::kMiB + 96;
  EXPECT_LE(events_per_message({.senders = 64, .receivers = 16, .bytes = kBulk}), 4.0);
  EXPECT_LE(events_per_message({.senders = 16, .receivers = 64, .depth = 32, .bytes = kBulk}), 4.0);
  EXPECT_LE(events_per_message({.senders = 512, .receivers = 1, .depth = 2, .bytes = kBulk}), 4.0);
  EXPECT_LE(events_per_message({.senders = 1, .receivers = 512, .depth = 512, .bytes = kBulk}),
            4.0);
}

TEST(FastFabric, SteadyLoadTakesNoNewMemory) {
  sim::Loop loop(1);
  const Topology topology{TopologyParams()};
  FastFabric fabric(loop, topology);
  FabricLoad load(loop, fabric, {.senders = 64, .receivers = 16, .bytes = sim::kMiB + 96});
  load.run(30'000);
  const std::uint64_t before = sim::allocations();
  load.run(30'000);
  EXPECT_LE(sim::allocations() - before, 30u)
      << "one in a thousand messages, for queues that still grow";
}

TEST(FastFabric, SameRunHasTheSameDigest) {
  std::uint64_t digests[2];
  for (std::uint64_t& digest : digests) {
    sim::Loop loop(3);
    const Topology topology{TopologyParams()};
    FastFabric fabric(loop, topology);
    FabricLoad load(loop, fabric, {.senders = 8, .receivers = 8, .bytes = 300'000});
    load.run(2000);
    digest = loop.digest().value();
  }
  EXPECT_EQ(digests[0], digests[1]);
}

}  // namespace
}  // namespace transport
