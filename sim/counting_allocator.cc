#include "sim/counting_allocator.h"

#include <cstdlib>
#include <new>

namespace {
std::size_t count = 0;  // operator new has no object to keep it in
}  // namespace

// Not inlined: the compiler would see malloc meet delete.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++count;
  if (void* p = std::malloc(size)) {
    return p;
  }
  std::abort();
}
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++count;
  return std::malloc(size);
}
[[gnu::noinline]] void operator delete(void* p) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete(void* p, std::size_t) noexcept { std::free(p); }

namespace sim {

std::size_t allocations() { return count; }

}  // namespace sim
