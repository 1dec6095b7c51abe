#include "sim/frame_pool.h"

#include <array>
#include <new>

#if defined(__SANITIZE_ADDRESS__)
#define STRIPELAB_POOL 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define STRIPELAB_POOL 0
#endif
#endif
#ifndef STRIPELAB_POOL
#define STRIPELAB_POOL 1
#endif

namespace sim {
namespace {

constexpr std::size_t kGranule = 64;  // and alignment: a block shares no cache line
constexpr std::size_t kClasses = 64;  // blocks up to 4 KiB are pooled

struct Free {
  Free* next;
};

// Thread-local because a loop belongs to one thread and a promise's operator new is given no loop.
struct Pool {
  std::array<Free*, kClasses + 1> lists{};
  std::size_t blocks = 0;
  ~Pool() {
    for (Free* list : lists) {
      while (list != nullptr) {
        Free* next = list->next;
        ::operator delete (list, std::align_val_t{kGranule});
        list = next;
      }
    }
  }
};

thread_local Pool pool;

}  // namespace

void* pool_allocate(std::size_t size) {
  const std::size_t size_class = (size + kGranule - 1) / kGranule;
  if (STRIPELAB_POOL == 0 || size_class > kClasses) {
    return ::operator new(size);
  }
  if (Free* block = pool.lists[size_class]; block != nullptr) {
    pool.lists[size_class] = block->next;
    return block;
  }
  ++pool.blocks;
  return ::operator new (size_class* kGranule, std::align_val_t{kGranule});
}

void pool_free(void* p, std::size_t size) noexcept {
  const std::size_t size_class = (size + kGranule - 1) / kGranule;
  if (STRIPELAB_POOL == 0 || size_class > kClasses) {
    ::operator delete(p);
    return;
  }
  pool.lists[size_class] = new (p) Free{pool.lists[size_class]};
}

std::size_t pool_blocks() { return pool.blocks; }

}  // namespace sim
