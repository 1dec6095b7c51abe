// The cost of the network model: time and loop events per message.
#include <benchmark/benchmark.h>

#include "transport/fabric/fabric_load.h"
#include "transport/fabric/make_fabric.h"

namespace bench {
namespace {

using transport::FabricLoad;
using transport::FabricModel;
using transport::LoadParams;

// Args: senders, receivers, messages under way per sender, bytes.
void run_load(benchmark::State& state, FabricModel model,
              const transport::TopologyParams& topology_params) {
  sim::Loop loop(1);
  const transport::Topology topology(topology_params);
  const auto fabric = transport::make_fabric(model, loop, topology);
  const auto arg = [&](std::size_t i) { return static_cast<std::uint32_t>(state.range(i)); };
  FabricLoad load(
      loop, *fabric,
      LoadParams{.senders = arg(0), .receivers = arg(1), .depth = arg(2), .bytes = arg(3)});
  load.run(4 * std::uint64_t{arg(0)} * arg(2));
  const std::uint64_t events = loop.events();
  const std::uint64_t messages = load.arrived();
  for (auto _ : state) {
    load.run(1);
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["events/message"] =
      static_cast<double>(loop.events() - events) / static_cast<double>(load.arrived() - messages);
}

void star(benchmark::State& state) { run_load(state, FabricModel::fast, {}); }
void reference_star(benchmark::State& state) { run_load(state, FabricModel::reference, {}); }
void two_tier(benchmark::State& state) {
  run_load(state, FabricModel::fast, {.two_tier = transport::TwoTier{.leaf_ports = 16, .over = 2}});
}

constexpr std::int64_t kBulk = (std::int64_t{1} << 20) + 96;

BENCHMARK(star)
    ->ArgNames({"senders", "receivers", "depth", "bytes"})
    ->Args({64, 16, 8, kBulk})   // writing
    ->Args({16, 64, 32, kBulk})  // and reading back
    ->Args({64, 16, 8, 4 * kBulk})
    ->Args({1, 1, 1, kBulk})
    ->Args({16, 16, 1, kBulk})
    ->Args({64, 16, 8, 320})
    ->Args({1, 1, 1, 320})
    ->Args({10000, 1, 1, kBulk})    // incast
    ->Args({1, 10000, 512, kBulk})  // one server's threads answering
    ->Args({10000, 100, 1, kBulk});
BENCHMARK(two_tier)->ArgNames({"senders", "receivers", "depth", "bytes"})->Args({64, 16, 8, kBulk});
BENCHMARK(reference_star)
    ->ArgNames({"senders", "receivers", "depth", "bytes"})
    ->Args({64, 16, 8, kBulk});

}  // namespace
}  // namespace bench
