// What caches and locks cost in memory: it grows with what was written, fetched and locked, not
// with how many bytes that was. Counts what is held of the general allocator, which this binary
// replaces by one that counts.
#include <gtest/gtest.h>
#include <malloc.h>

#include <cstdlib>
#include <new>

#include "cachemodel/ldlm/lock_cache.h"
#include "cachemodel/ldlm/lock_namespace.h"
#include "cachemodel/page_cache.h"

namespace {
std::size_t held = 0;  // bytes; this binary's only reason to be; one thread
}  // namespace

// Not inlined: the compiler would see malloc meet delete.
[[gnu::noinline]] void* operator new(std::size_t size) {
  if (void* p = std::malloc(size)) {
    held += malloc_usable_size(p);
    return p;
  }
  std::abort();
}
[[gnu::noinline]] void operator delete(void* p) noexcept {
  held -= malloc_usable_size(p);
  std::free(p);
}
[[gnu::noinline]] void operator delete(void* p, std::size_t) noexcept { operator delete(p); }

namespace cachemodel {
namespace {

// Writes, and fetches beside them, of `length` bytes each.
std::size_t cached(std::size_t count, sim::Bytes length) {
  const std::size_t before = held;
  PageCache cache(sim::kEof);
  for (std::size_t n = 0; n < count; ++n) {
    cache.insert_dirty(1, {2 * n * length, (2 * n + 1) * length}, n + 1);
    cache.insert_clean(1, {(2 * n + 1) * length, (2 * n + 2) * length}, 0);
  }
  EXPECT_EQ(cache.cached(), 2 * count * length);
  return held - before;
}

// Locks of `length` bytes each, as the server and the client that gets them keep them.
std::size_t locked(std::size_t count, sim::Bytes length) {
  const std::size_t before = held;
  LockNamespace server(LockType::extent);
  LockCache client{LruOptions{}};
  LockCallbacks out;
  for (std::size_t n = 0; n < count; ++n) {
    const LockRequest request{
        .resource = {}, .client = 1, .extent = {n * length, (n + 1) * length}};
    GrantedLock lock;
    lock.handle = server.enqueue(request, {}, out).handle;
    lock.extent = request.extent;
    client.add(lock);
  }
  EXPECT_EQ(client.size(), count);
  return held - before;
}

constexpr sim::Bytes kSmall = 4 * sim::kKiB;
constexpr sim::Bytes kLarge = sim::kTiB;

TEST(Footprint, OfAPageCacheDoesNotDependOnHowLongItsEntriesAre) {
  EXPECT_EQ(cached(100, kSmall), cached(100, kLarge));
}

TEST(Footprint, OfAPageCacheGrowsWithItsEntries) {
  const std::size_t ten = cached(10, kSmall);
  EXPECT_GT(ten, 0u);
  EXPECT_LE(cached(1000, kSmall), 100 * ten + 4096);
  EXPECT_GE(cached(1000, kSmall), 50 * ten);
}

TEST(Footprint, OfLocksDoesNotDependOnHowMuchTheyCover) {
  EXPECT_EQ(locked(100, kSmall), locked(100, kLarge));
}

TEST(Footprint, OfLocksGrowsWithTheirNumber) {
  const std::size_t thousand = locked(1000, kSmall);
  EXPECT_LE(locked(10000, kSmall), 20 * thousand);
  EXPECT_GE(locked(10000, kSmall), 5 * thousand);
}

}  // namespace
}  // namespace cachemodel
