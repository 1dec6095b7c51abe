#include "stripe/client/memory.h"

#include <algorithm>

namespace stripe {
namespace {
constexpr sim::Bytes kPage = 4 * sim::kKiB;
}  // namespace

sim::Bytes Memory::others() const {
  const MemoryDesign& memory = context_.design.memory;
  const std::int64_t period = std::max<std::int64_t>(memory.period.ns(), 1);
  const bool first_half = context_.loop.now().ns() % period < period / 2;
  return first_half ? memory.others_low : memory.others_high;
}

void Memory::settle() {
  if (!limited()) {
    return;
  }
  const MemoryDesign& memory = context_.design.memory;
  count_early();
  switch (memory.pressure) {
    case Pressure::fixed:
      break;
    case Pressure::signal: {
      const sim::Bytes left = memory.size - std::min(others(), memory.size);
      cache_.set_capacity(std::min(context_.design.cache_size, left));
      evicted_ = cache_.evicted();  // there was need for that
      break;
    }
    case Pressure::expire:
      // Two turns, at whose ends what was not used in them goes, make one time-out.
      if (turn_ends_ <= context_.loop.now()) {
        const bool long_ago = turn_ends_ + memory.expire / 2 <= context_.loop.now();
        cache_.end_turn();
        if (long_ago) {
          cache_.end_turn();
        }
        turn_ends_ = context_.loop.now() + memory.expire / 2;
      }
      count_early();
      break;
  }
}

// What went although there was room for it.
void Memory::count_early() {
  const sim::Bytes used = cache_.cached() + others();
  const sim::Bytes size = context_.design.memory.size;
  const sim::Bytes gone = cache_.evicted() - evicted_;
  evicted_ = cache_.evicted();
  context_.stats.evicted_early += std::min(gone, size - std::min(used, size));
}

sim::Duration Memory::swap_in(sim::Bytes bytes) {
  if (!limited() || cache_.cached() == 0) {
    return {};
  }
  const MemoryDesign& memory = context_.design.memory;
  const sim::Bytes wanted = cache_.cached() + others();
  const sim::Bytes out = std::min(wanted - std::min(wanted, memory.size), cache_.cached());
  const auto share = static_cast<unsigned __int128>(bytes) * out / cache_.cached();
  const auto swapped = static_cast<sim::Bytes>(share);
  context_.stats.swapped_in += swapped;
  return memory.swap_latency * static_cast<std::int64_t>((swapped + kPage - 1) / kPage);
}

}  // namespace stripe
