// Costs of layout arithmetic and formats: a split is made for every I/O of an application.
#include <benchmark/benchmark.h>

#include <array>
#include <cstdint>

#include "sim/status.h"
#include "stripe/layout/instantiate.h"
#include "stripe/layout/lov_ea.h"
#include "stripe/layout/setstripe.h"
#include "stripe/layout/split.h"

namespace bench {
namespace {

constexpr char kProgressive[] = "-E 1M -L mdt -E 1G -c 4 -S 1M -E -1 -c 64 -S 4M";

// A layout of `options` with objects everywhere, on 64 OSTs.
stripe::Layout instantiated(std::string_view options) {
  const auto wanted = stripe::parse_setstripe(options);
  stripe::StripeDefaults defaults;
  defaults.ost_count = 64;
  stripe::Layout layout = *stripe::make_layout(*wanted, defaults);
  for (std::size_t place = 0; place < layout.components.size(); ++place) {
    std::vector<stripe::StripeObject> objects;
    for (std::uint32_t i = 0; i < layout.components[place].stripe_count; ++i) {
      objects.push_back({{0, i + 1}, 0, i});
    }
    if (!layout.components[place].on_mdt()) {
      const sim::Status s = stripe::instantiate(layout, place, std::move(objects));
      sim::check(s.ok(), "the benchmark's layout takes its objects");
    }
  }
  return layout;
}

// Splits I/Os of state.range(0) bytes, one behind the other.
void split_sequential(benchmark::State& state, std::string_view options) {
  const stripe::Layout layout = instantiated(options);
  const auto size = static_cast<sim::Bytes>(state.range(0));
  const stripe::SplitOptions split_options;
  stripe::SplitPlan plan;
  sim::Bytes at = 0;
  for (auto _ : state) {
    const std::array<sim::Extent, 1> extents = {{{at, at + size}}};
    const sim::Status s = stripe::split(layout, extents, split_options, plan);
    benchmark::DoNotOptimize(s.ok());
    benchmark::DoNotOptimize(plan.requests.data());
    at = (at + size) % sim::kTiB;
  }
  state.SetItemsProcessed(state.iterations());
}

void split_plain(benchmark::State& state) { split_sequential(state, "-c 8 -S 1M"); }
void split_progressive(benchmark::State& state) { split_sequential(state, kProgressive); }
BENCHMARK(split_plain)->Arg(4096)->Arg(1 << 20)->Arg(64 << 20);
BENCHMARK(split_progressive)->Arg(4096)->Arg(64 << 20);

void lov_ea_encode(benchmark::State& state) {
  const stripe::Layout layout = instantiated(kProgressive);
  for (auto _ : state) {
    benchmark::DoNotOptimize(stripe::encode_lov_ea(layout));
  }
}
BENCHMARK(lov_ea_encode);

void lov_ea_decode(benchmark::State& state) {
  const auto bytes = stripe::encode_lov_ea(instantiated(kProgressive));
  for (auto _ : state) {
    benchmark::DoNotOptimize(stripe::decode_lov_ea(*bytes));
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes->size()) * state.iterations());
}
BENCHMARK(lov_ea_decode);

void setstripe_parse(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(stripe::parse_setstripe(kProgressive));
  }
}
BENCHMARK(setstripe_parse);

}  // namespace
}  // namespace bench
