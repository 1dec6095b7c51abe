// The whole client and server stack: simulated bulk RPCs per second.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <string>
#include <string_view>

#include "scenarios/run/run.h"
#include "scenarios/spec_reader.h"

namespace {

// Direct 1 MiB reads of one file per rank, from devices that take no time, over the real fabric
// model with stage accounting on, without locks. `reads` per rank.
scenarios::Scenario read_scenario(std::int64_t clients, std::int64_t ranks, std::int64_t osts,
                                  std::int64_t reads) {
  const std::string text =
      R"({"name": "stack", "cluster": {"hardware": "null", "osts": )" + std::to_string(osts) +
      R"(}, "layout": "-c 1 -S 1M", "clients": [{"count": )" + std::to_string(clients) +
      R"(, "tasks_per_node": )" + std::to_string(ranks) +
      R"(, "design": {"preset": "lustre", "coherence": "unshared", "direct_io": true}, )"
      R"("workload": {"ior": "-r -E -k -F -t 1m -b )" +
      std::to_string(reads) + R"(m"}}]})";
  const auto scenario = scenarios::read_scenario({"stack", "", text});
  sim::check(scenario.ok(), "the benchmark's scenario is wrong");
  return *scenario;
}

// Buffered 1 MiB writes and then reads of `mib` MiB by each of 64 clients under extent locks, with
// everything a client has for it on: page cache, read-ahead, write-back with grants. RPCs carry
// 1 MiB as well. Each client reads what another has written (-C), so that every byte that is still
// dirty is called back. The devices take no time.
scenarios::Scenario locked_scenario(std::string_view layout, std::string_view files,
                                    std::int64_t mib) {
  const std::string text = fmt::format(
      R"({{"name": "stack", "cluster": {{"hardware": "null", "osts": 16}}, "layout": "{}",
          "clients": [{{"count": 64,
            "design": {{"preset": "lustre", "coherence": "ldlm", "grants": true,
                        "max_rpc_size": "1MiB"}},
            "workload": {{"ior": "-w -r -C -k {} -t 1m -b {}m"}}}}]}})",
      layout, files, mib);
  const auto scenario = scenarios::read_scenario({"stack", "", text});
  sim::check(scenario.ok(), "the benchmark's scenario is wrong");
  return *scenario;
}

struct Work {
  std::uint64_t rpcs = 0;
  std::uint64_t events = 0;
  double seconds = 0;  // as the clock on the wall goes
  double cpu_seconds = 0;
  Work operator-(const Work& less) const {
    return {rpcs - less.rpcs, events - less.events, std::max(0.0, seconds - less.seconds),
            std::max(0.0, cpu_seconds - less.cpu_seconds)};
  }
  Work& operator+=(const Work& more) {
    rpcs += more.rpcs;
    events += more.events;
    seconds += more.seconds;
    cpu_seconds += more.cpu_seconds;
    return *this;
  }
};

// Runs the scenario and counts the RPCs with data that its phases tell of.
Work run_once(const scenarios::Scenario& scenario) {
  const auto began = std::chrono::steady_clock::now();
  const std::clock_t cpu_began = std::clock();
  const auto result = scenarios::run_scenario(scenario);
  Work work;
  work.cpu_seconds = static_cast<double>(std::clock() - cpu_began) / CLOCKS_PER_SEC;
  work.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  sim::check(result.ok() && result->errors.empty(), "the benchmark's run failed");
  work.events = result->context.events;
  for (const reports::PhaseResult& phase : result->phases) {
    for (const reports::RpcCount& rpc : phase.rpcs) {
      work.rpcs += rpc.opcode == "OST_READ" || rpc.opcode == "OST_WRITE" ? rpc.count : 0;
    }
  }
  return work;
}

// Processor time is what other programs on the machine disturb least.
void count(benchmark::State& state, const Work& work) {
  const auto rpcs = static_cast<double>(work.rpcs);
  state.counters["rpcs_per_second"] = rpcs / work.seconds;
  state.counters["rpcs_per_cpu_second"] = rpcs / work.cpu_seconds;
  state.counters["events_per_rpc"] = static_cast<double>(work.events) / rpcs;
}

// What `many` costs beyond `one`: setting up, opening and closing are in both.
void run_stack(benchmark::State& state, const scenarios::Scenario& one,
               const scenarios::Scenario& many) {
  Work sum;
  for (auto _ : state) {
    const Work base = run_once(one);
    const Work beyond = run_once(many) - base;
    state.SetIterationTime(beyond.seconds);
    sum += beyond;
  }
  count(state, sum);
}

// 64 clients with 8 RPCs in flight each over 16 OSTs.
void BM_StackBulkReads(benchmark::State& state) {
  run_stack(state, read_scenario(64, 8, 16, 1), read_scenario(64, 8, 16, state.range(0)));
}
BENCHMARK(BM_StackBulkReads)->Arg(64)->Arg(256)->UseManualTime()->Unit(benchmark::kMillisecond);

// The same with few requests under way: what the processor's caches hold.
void BM_StackFewInFlight(benchmark::State& state) {
  run_stack(state, read_scenario(4, 4, 2, 1), read_scenario(4, 4, 2, state.range(0)));
}
BENCHMARK(BM_StackFewInFlight)->Arg(4096)->UseManualTime()->Unit(benchmark::kMillisecond);

// A file for each client; nobody's lock is called back while it writes.
void BM_StackLockedOwnFiles(benchmark::State& state) {
  constexpr std::string_view kLayout = "-c 1 -S 1M";
  run_stack(state, locked_scenario(kLayout, "-F", 1),
            locked_scenario(kLayout, "-F", state.range(0)));
}
BENCHMARK(BM_StackLockedOwnFiles)->Arg(512)->UseManualTime()->Unit(benchmark::kMillisecond);

// One file for all, over all OSTs; each client has a part that begins and ends with a row of
// stripes. All clients write all objects, so the first locks are called back until each has what
// its part needs.
void BM_StackLockedSharedFile(benchmark::State& state) {
  constexpr std::string_view kLayout = "-c 16 -S 1M";
  run_stack(state, locked_scenario(kLayout, "", 16), locked_scenario(kLayout, "", state.range(0)));
}
BENCHMARK(BM_StackLockedSharedFile)->Arg(512)->UseManualTime()->Unit(benchmark::kMillisecond);

// Set-up and one read of each of 10,000 clients over 450 OSTs.
void BM_StackManyClients(benchmark::State& state) {
  const scenarios::Scenario scenario = read_scenario(10000, 1, 450, 1);
  Work sum;
  for (auto _ : state) {
    sum += run_once(scenario);
  }
  count(state, sum);
}
BENCHMARK(BM_StackManyClients)->Unit(benchmark::kMillisecond);

}  // namespace
