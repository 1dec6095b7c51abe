// The cost of keeping a history and of checking it: host time per event.
#include <benchmark/benchmark.h>

#include "cachemodel/history/check.h"
#include "cachemodel/history/codec.h"
#include "sim/rng.h"

namespace bench {
namespace {

using cachemodel::History;

// What clients do to one file.
struct Load {
  sim::Bytes transfer;
  bool shuffled;  // places are drawn at random, and so overwritten and read out of order
};

constexpr std::uint32_t kClients = 16;

// Half writes, half reads that see the last write to their place. Each write is applied once.
History make_history(const Load& load, std::uint64_t calls) {
  History history;
  sim::Rng rng(1);
  std::vector<std::uint64_t> last(calls / 2);
  for (std::uint64_t i = 0; i < calls; ++i) {
    const std::uint64_t place = load.shuffled ? rng.below(last.size()) : i % last.size();
    const sim::Extent range{place * load.transfer, (place + 1) * load.transfer};
    const auto client = static_cast<std::uint32_t>(i % kClients);
    const auto begin = static_cast<std::int64_t>(i) * 1000;
    const cachemodel::Call call{sim::TimePoint(begin), sim::TimePoint(begin + 900)};
    if (load.shuffled ? i % 2 == 0 : i < last.size()) {
      const std::uint64_t stamp = (std::uint64_t{client} << 40) | (i + 1);
      history.write({.file = 1, .range = range, .stamp = stamp, .call = call});
      history.apply({1, range, stamp, sim::TimePoint(begin + 500)});
      last[place] = stamp;
    } else {
      const cachemodel::ReadRun run{load.transfer, last[place], cachemodel::Basis::lock, {}};
      history.read({.file = 1, .offset = range.begin, .client = client, .call = call}, {&run, 1});
    }
  }
  return history;
}

constexpr Load kStreams{sim::kMiB, false};
constexpr Load kRandom{4 * sim::kKiB, true};

void history_append(benchmark::State& state, const Load& load) {
  const auto calls = static_cast<std::uint64_t>(state.range(0));
  std::size_t events = 0;
  for (auto _ : state) {
    const History history = make_history(load, calls);
    events += history.size();
    benchmark::DoNotOptimize(history.size());
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(events));
}

void history_check(benchmark::State& state, const Load& load) {
  const History history = make_history(load, static_cast<std::uint64_t>(state.range(0)));
  const cachemodel::HistoryPart part{&history, {}};
  for (auto _ : state) {
    const auto verdict = cachemodel::check({&part, 1});
    sim::check(verdict.ok() && verdict->clean(), "the loads are coherent");
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(history.size()));
}

void history_codec(benchmark::State& state, const Load& load) {
  const History history = make_history(load, static_cast<std::uint64_t>(state.range(0)));
  for (auto _ : state) {
    const auto again = cachemodel::decode_history(cachemodel::encode_history(history));
    benchmark::DoNotOptimize(again);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(history.size()));
}

BENCHMARK_CAPTURE(history_append, streams, kStreams)->Arg(1 << 16);
BENCHMARK_CAPTURE(history_append, random, kRandom)->Arg(1 << 16);
BENCHMARK_CAPTURE(history_check, streams, kStreams)->Range(1 << 10, 1 << 18);
BENCHMARK_CAPTURE(history_check, random, kRandom)->Range(1 << 10, 1 << 18);
BENCHMARK_CAPTURE(history_codec, random, kRandom)->Arg(1 << 16);

}  // namespace
}  // namespace bench
