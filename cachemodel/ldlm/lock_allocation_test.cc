// In steady state neither a server nor a client allocates for a lock.
#include <gtest/gtest.h>

#include <vector>

#include "cachemodel/ldlm/lock_cache.h"
#include "cachemodel/ldlm/lock_namespace.h"
#include "sim/counting_allocator.h"

namespace cachemodel {
namespace {

// Readers that a writer calls back, in a namespace of either type; then all go, and the resource.
void share_and_take_back(LockNamespace& locks, LockCallbacks& out,
                         std::vector<LockHandle>& handles) {
  handles.clear();
  LockRequest request{
      .resource = {}, .extent = {0, 4096}, .bits = kBitUpdate, .try_bits = kBitPerm};
  for (request.client = 0; request.client < 20; ++request.client) {
    handles.push_back(locks.enqueue(request, {}, out).handle);
  }
  request.mode = LockMode::ex;
  handles.push_back(locks.enqueue(request, {}, out).handle);
  for (const LockHandle handle : handles) {
    locks.cancel(handle, out);
  }
}

TEST(LockAllocation, AServersLocksAllocateNothing) {
  for (const LockType type : {LockType::extent, LockType::inode_bits}) {
    LockNamespace locks(type);
    LockCallbacks out;
    std::vector<LockHandle> handles;
    for (int round = 0; round < 10; ++round) {
      share_and_take_back(locks, out, handles);
    }
    const std::size_t before = sim::allocations();
    for (int round = 0; round < 1000; ++round) {
      share_and_take_back(locks, out, handles);
    }
    EXPECT_EQ(sim::allocations(), before);
  }
}

TEST(LockAllocation, AClientsLocksAllocateNothing) {
  LockCache cache{{.max_unused = 4, .batch = 1}};
  std::vector<LockHandle> excess;
  std::size_t before = 0;
  for (LockHandle handle = 1; handle <= 2000; ++handle) {
    if (handle == 100) {
      before = sim::allocations();
    }
    cache.add({.handle = handle, .resource = {{handle, 0, 0, 0}}});
    EXPECT_FALSE(cache.release(handle, {}));
    excess.clear();
    cache.collect_excess({}, excess);
    for (const LockHandle gone : excess) {
      cache.remove(gone);
    }
  }
  EXPECT_EQ(sim::allocations(), before);
}

}  // namespace
}  // namespace cachemodel
