// Costs of the lock server: an enqueue is made for every stretch of an object that a client does
// not have a lock on yet.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <vector>

#include "cachemodel/ldlm/lock_namespace.h"
#include "sim/rng.h"
#include "sim/status.h"

namespace bench {
namespace {

using cachemodel::EnqueueResult;
using cachemodel::LockCallbacks;
using cachemodel::LockHandle;
using cachemodel::LockMode;
using cachemodel::LockNamespace;
using cachemodel::LockRequest;
using cachemodel::LockType;

constexpr sim::Bytes kRecord = 1 << 20;

// Locks on every second record of one object, from clients of their own.
class StridedObject {
 public:
  StridedObject(std::int64_t granted, LockMode mode) : granted_(static_cast<sim::Bytes>(granted)) {
    for (sim::Bytes i = 0; i < granted_; ++i) {
      LockRequest request = record(2 * i, mode);
      request.client = i + 1;
      request.no_expansion = true;
      locks.enqueue(request, {}, callbacks);
    }
    sim::check(locks.granted_count() == granted_, "the benchmark's locks are granted");
  }

  static LockRequest record(sim::Bytes index, LockMode mode) {
    LockRequest request;
    request.mode = mode;
    request.extent = {index * kRecord, (index + 1) * kRecord};
    return request;
  }
  // One of the records between the granted locks, or behind the last.
  LockRequest free_record(LockMode mode) { return record(2 * rng_.below(granted_) + 1, mode); }

  LockNamespace locks{LockType::extent};
  LockCallbacks callbacks;

 private:
  sim::Bytes granted_;
  sim::Rng rng_{1};
};

// A lock is granted, grown between its neighbours, and cancelled, beside state.range(0) others.
void ldlm_enqueue_cancel(benchmark::State& state, LockMode mode) {
  StridedObject object(state.range(0), mode);
  for (auto _ : state) {
    const EnqueueResult result =
        object.locks.enqueue(object.free_record(mode), {}, object.callbacks);
    benchmark::DoNotOptimize(result.extent);
    object.locks.cancel(result.handle, object.callbacks);
  }
  state.SetItemsProcessed(state.iterations());
}

void ldlm_write_locks(benchmark::State& state) { ldlm_enqueue_cancel(state, LockMode::pw); }
void ldlm_read_locks(benchmark::State& state) { ldlm_enqueue_cancel(state, LockMode::pr); }
BENCHMARK(ldlm_write_locks)->Arg(10)->Arg(1000)->Arg(100000);
BENCHMARK(ldlm_read_locks)->Arg(10)->Arg(1000)->Arg(100000);

// A writer that state.range(0) readers of the whole object keep waiting, after the first one has
// called them back.
void ldlm_enqueue_behind_readers(benchmark::State& state) {
  LockNamespace locks(LockType::extent);
  LockCallbacks callbacks;
  LockRequest request;
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    locks.enqueue(request, {}, callbacks);
  }
  request.mode = LockMode::pw;
  locks.enqueue(request, {}, callbacks);
  for (auto _ : state) {
    const EnqueueResult result = locks.enqueue(request, {}, callbacks);
    benchmark::DoNotOptimize(callbacks.blocking.size());
    locks.cancel(result.handle, callbacks);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(ldlm_enqueue_behind_readers)->Arg(10)->Arg(1000)->Arg(100000);

// A directory's lock is taken from state.range(0) clients that share it, and given back to them.
void ldlm_take_from_all(benchmark::State& state) {
  LockNamespace locks(LockType::inode_bits);
  LockCallbacks callbacks;
  LockRequest request;
  request.bits = cachemodel::kBitUpdate;
  std::vector<LockHandle> handles;
  for (auto _ : state) {
    handles.clear();
    request.mode = LockMode::pr;
    for (std::int64_t i = 0; i < state.range(0); ++i) {
      handles.push_back(locks.enqueue(request, {}, callbacks).handle);
    }
    request.mode = LockMode::ex;
    handles.push_back(locks.enqueue(request, {}, callbacks).handle);
    for (const LockHandle handle : handles) {
      locks.cancel(handle, callbacks);
    }
  }
  state.SetItemsProcessed(state.iterations() * (state.range(0) + 1));
}
BENCHMARK(ldlm_take_from_all)->Arg(1000);

}  // namespace
}  // namespace bench
