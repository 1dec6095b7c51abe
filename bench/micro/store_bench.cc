// The cost of object stores: host time per operation, with the modelled time left out of it.
#include <benchmark/benchmark.h>

#include <memory>
#include <utility>

#include "sim/rng.h"
#include "stripe/server/device_factory.h"
#include "stripe/server/memory_content.h"
#include "stripe/server/modelled_store.h"
#include "stripe/server/null_content.h"

namespace bench {
namespace {

using sim::Bytes;
using sim::kMiB;
using stripe::ObjectId;
using stripe::StoreTimes;
using transport::Payload;

constexpr Bytes kObjectSize = 64 * kMiB;
constexpr ObjectId kObject{1, 1};

Payload content(Bytes offset, Bytes length) {
  return Payload(transport::ContentRun{1, offset, length, transport::Stamp::make(1, 1)});
}

// A store with one object of kObjectSize in it, written in requests of 1 MiB.
class Store {
 public:
  Store(std::unique_ptr<stripe::ObjectContent> kept, const stripe::DeviceParams& device)
      : store_({}, std::move(kept), stripe::make_device(loop_, "device", device).value()) {
    sim::check(store_.create(kObject).ok(), "a new store has no objects");
    run(fill());
  }
  // Operations of `length` at places drawn at random, one after another.
  void read(benchmark::State& state, Bytes length) { run(reads(state, length)); }
  void write(benchmark::State& state, Bytes length) { run(writes(state, length)); }

 private:
  void run(sim::Task<void> task) {
    sim::TaskGroup group(loop_);
    group.spawn(std::move(task), "bench");
    sim::check(sim::run_virtual(loop_).ok(), "a store's operations end");
  }
  sim::Task<void> fill() {
    for (Bytes at = 0; at < kObjectSize; at += kMiB) {
      StoreTimes times;
      sim::check((co_await store_.write(kObject, at, content(at, kMiB), times)).ok(),
                 "there is space for the object");
    }
  }
  Bytes place(Bytes length) { return rng_.below(kObjectSize / length) * length; }
  sim::Task<void> reads(benchmark::State& state, Bytes length) {
    for (auto _ : state) {
      StoreTimes times;
      const Bytes at = place(length);
      auto data = co_await store_.read(kObject, {at, at + length}, times);
      benchmark::DoNotOptimize(data);
    }
  }
  sim::Task<void> writes(benchmark::State& state, Bytes length) {
    for (auto _ : state) {
      StoreTimes times;
      const Bytes at = place(length);
      auto status = co_await store_.write(kObject, at, content(at, length), times);
      benchmark::DoNotOptimize(status);
    }
  }

  sim::Loop loop_{1};
  sim::Rng rng_ = loop_.rng("places");
  stripe::ModelledStore store_;
};

enum class Kept { sizes, content };

std::unique_ptr<stripe::ObjectContent> make_content(Kept kept) {
  if (kept == Kept::sizes) {
    return std::make_unique<stripe::NullContent>();
  }
  return std::make_unique<stripe::MemoryContent>();
}

void store_read(benchmark::State& state, Kept kept, const stripe::DeviceParams& device) {
  Store store(make_content(kept), device);
  store.read(state, static_cast<Bytes>(state.range(0)));
  state.SetItemsProcessed(state.iterations());
}

void store_write(benchmark::State& state, Kept kept, const stripe::DeviceParams& device) {
  Store store(make_content(kept), device);
  store.write(state, static_cast<Bytes>(state.range(0)));
  state.SetItemsProcessed(state.iterations());
}

constexpr std::int64_t kSmall = 4 * 1024;
constexpr std::int64_t kLarge = 1024 * 1024;

BENCHMARK_CAPTURE(store_read, null, Kept::sizes, stripe::NullDeviceParams{})->Arg(kLarge);
BENCHMARK_CAPTURE(store_write, null, Kept::sizes, stripe::NullDeviceParams{})->Arg(kLarge);
BENCHMARK_CAPTURE(store_read, memory, Kept::content, stripe::NullDeviceParams{})->Arg(kLarge);
BENCHMARK_CAPTURE(store_write, memory, Kept::content, stripe::NullDeviceParams{})->Arg(kLarge);
BENCHMARK_CAPTURE(store_read, nvme, Kept::sizes, stripe::NvmeParams{})->Arg(kLarge);
BENCHMARK_CAPTURE(store_write, nvme, Kept::sizes, stripe::NvmeParams{})->Arg(kLarge);
BENCHMARK_CAPTURE(store_read, hdd, Kept::sizes, stripe::HddArrayParams{})->Arg(kSmall)->Arg(kLarge);
BENCHMARK_CAPTURE(store_write, hdd, Kept::sizes, stripe::HddArrayParams{})
    ->Arg(kSmall)
    ->Arg(kLarge);

}  // namespace
}  // namespace bench
