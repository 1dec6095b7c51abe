#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <numeric>
#include <vector>

#include "sim/event_queue.h"
#include "sim/rng.h"

namespace sim {
namespace {

constexpr std::uint64_t kForever = std::numeric_limits<std::uint64_t>::max();

// Of every width and number, with ties, the first and the last time of the bucket among them: how
// a bucket is sorted depends on both.
TEST(EventQueue, ABucketOfAnyWidthAndNumberLeavesAsAStableSortPutsIt) {
  Rng rng(3);
  std::vector<Callback> callbacks(34);
  for (std::size_t width = 1; width <= 64; ++width) {
    const std::uint64_t first = std::uint64_t{1} << (width - 1);
    for (std::size_t events = 1; events <= 34; ++events) {
      std::vector<std::uint64_t> times(events, first);
      for (std::uint64_t& time : times) {
        const bool tie = rng.chance(1, 4);
        time = first + (tie ? rng.below(2) * (first - 1) : rng.below(first));
      }
      std::vector<std::size_t> order(events);
      std::iota(order.begin(), order.end(), std::size_t{0});
      std::ranges::stable_sort(order, {}, [&](std::size_t i) { return times[i]; });
      EventQueue queue;
      for (std::size_t i = 0; i < events; ++i) {
        queue.push(times[i], callbacks[i]);
      }
      for (const std::size_t expected : order) {
        const auto entry = queue.pop(kForever);
        ASSERT_TRUE(entry);
        ASSERT_EQ(entry->callback - callbacks.data(), static_cast<std::ptrdiff_t>(expected))
            << width << " bits, " << events << " events";
      }
    }
  }
}

}  // namespace
}  // namespace sim
