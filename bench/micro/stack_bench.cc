// The whole client and server stack: simulated bulk RPCs per second of wall-clock time.
#include <benchmark/benchmark.h>

#include <string>

#include "scenarios/run/run.h"
#include "scenarios/spec_reader.h"

namespace {

// Direct 1 MiB reads of one file per rank, from devices that take no time, over the real fabric
// model with stage accounting on. `reads` per rank.
scenarios::Scenario read_scenario(std::int64_t clients, std::int64_t ranks, std::int64_t osts,
                                  std::int64_t reads) {
  const std::string text =
      R"({"name": "stack", "cluster": {"hardware": "null", "osts": )" + std::to_string(osts) +
      R"(}, "layout": "-c 1 -S 1M", "clients": [{"count": )" + std::to_string(clients) +
      R"(, "tasks_per_node": )" + std::to_string(ranks) +
      R"(, "design": {"preset": "lustre", "direct_io": true}, )"
      R"("workload": {"ior": "-r -E -k -F -t 1m -b )" +
      std::to_string(reads) + R"(m"}}]})";
  const auto scenario = scenarios::read_scenario({"stack", "", text});
  sim::check(scenario.ok(), "the benchmark's scenario is wrong");
  return *scenario;
}

void run_stack(benchmark::State& state, const scenarios::Scenario& scenario) {
  std::uint64_t rpcs = 0;
  std::uint64_t events = 0;
  for (auto _ : state) {
    const auto result = scenarios::run_scenario(scenario);
    sim::check(result.ok() && result->errors.empty(), "the benchmark's run failed");
    rpcs += result->phases.front().bytes / sim::kMiB;
    events += result->context.events;
  }
  state.counters["rpcs_per_second"] =
      benchmark::Counter(static_cast<double>(rpcs), benchmark::Counter::kIsRate);
  state.counters["events_per_rpc"] = static_cast<double>(events) / static_cast<double>(rpcs);
}

// 64 clients with 8 RPCs in flight each over 16 OSTs; set-up of the cluster included.
void BM_StackBulkReads(benchmark::State& state) {
  run_stack(state, read_scenario(64, 8, 16, state.range(0)));
}
BENCHMARK(BM_StackBulkReads)->Arg(64)->Arg(256)->Unit(benchmark::kMillisecond);

// The same with few requests under way: what the processor's caches hold.
void BM_StackFewInFlight(benchmark::State& state) {
  run_stack(state, read_scenario(4, 4, 2, state.range(0)));
}
BENCHMARK(BM_StackFewInFlight)->Arg(4096)->Unit(benchmark::kMillisecond);

// Set-up and one read of each of 10,000 clients over 450 OSTs.
void BM_StackManyClients(benchmark::State& state) {
  run_stack(state, read_scenario(10000, 1, 450, 1));
}
BENCHMARK(BM_StackManyClients)->Unit(benchmark::kMillisecond);

}  // namespace
