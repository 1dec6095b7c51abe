// Memory for coroutine frames and other short-lived objects: per-thread free lists by size, so that
// a run in steady state never calls the general allocator.
#pragma once

#include <cstddef>
#include <vector>

namespace sim {

// Like operator new/delete, for one thread: free where you allocated. Under AddressSanitizer the
// general allocator is used, so that a use after free is seen.
void* pool_allocate(std::size_t size);
void pool_free(void* p, std::size_t size) noexcept;

// Whether this build has a pool at all.
bool pool_in_use();

// Blocks this thread's pool has made so far, in slabs from the general allocator; constant in
// steady state.
std::size_t pool_blocks();

// A base that gives its heirs pooled memory.
struct Pooled {
  static void* operator new(std::size_t size) { return pool_allocate(size); }
  static void operator delete(void* p, std::size_t size) noexcept { pool_free(p, size); }
};

// The same for what a container holds.
template <typename T>
struct PoolAllocator {
  using value_type = T;
  PoolAllocator() = default;
  template <typename U>
  PoolAllocator(const PoolAllocator<U>&) {}
  T* allocate(std::size_t n) {
    static_assert(alignof(T) <= alignof(std::max_align_t), "the pool aligns as operator new does");
    return static_cast<T*>(pool_allocate(n * sizeof(T)));
  }
  void deallocate(T* p, std::size_t n) noexcept { pool_free(p, n * sizeof(T)); }
  bool operator==(const PoolAllocator&) const = default;
};

template <typename T>
using PooledVector = std::vector<T, PoolAllocator<T>>;

}  // namespace sim
