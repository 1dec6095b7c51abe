#include "cachemodel/history/tally.h"

#include <algorithm>
#include <tuple>

namespace cachemodel {

std::uint64_t distinct_blocks(std::vector<sim::Extent> ranges) {
  std::ranges::sort(ranges, {}, &sim::Extent::begin);
  std::uint64_t count = 0;
  sim::Bytes next = 0;  // the first block not yet counted
  for (const sim::Extent& range : ranges) {
    if (range.empty()) {
      continue;
    }
    const sim::Bytes first = std::max(range.begin / kBlock, next);
    const sim::Bytes end = (range.end - 1) / kBlock + 1;
    count += end > first ? end - first : 0;
    next = std::max(next, end);
  }
  return count;
}

std::map<std::uint32_t, std::uint64_t> blocks_by_read(const std::vector<Hit>& hits) {
  std::map<std::uint32_t, std::vector<sim::Extent>> ranges;
  for (const Hit& hit : hits) {
    ranges[hit.read].push_back(hit.range);
  }
  std::map<std::uint32_t, std::uint64_t> counts;
  for (auto& [read, list] : ranges) {
    counts[read] = distinct_blocks(std::move(list));
  }
  return counts;
}

void count_blocks(std::vector<Hit>& hits,
                  const std::function<void(std::uint32_t, std::uint64_t, sim::Duration)>& with) {
  std::ranges::stable_sort(hits, [](const Hit& a, const Hit& b) {
    return std::tie(a.read, a.range.begin) < std::tie(b.read, b.range.begin);
  });
  // The last block of a hit waits: the next hit may touch it too.
  const Hit* open = nullptr;
  sim::Bytes open_block = 0;
  sim::Duration age;
  for (const Hit& hit : hits) {
    sim::Bytes first = hit.range.begin / kBlock;
    const sim::Bytes last = (hit.range.end - 1) / kBlock;
    if (open != nullptr && open->read == hit.read && open_block == first) {
      age = std::max(age, hit.age);
      open = &hit;
      if (last == first) {
        continue;
      }
      ++first;
    }
    if (open != nullptr) {
      with(open->read, 1, age);
    }
    if (last > first) {
      with(hit.read, last - first, hit.age);
    }
    open = &hit;
    open_block = last;
    age = hit.age;
  }
  if (open != nullptr) {
    with(open->read, 1, age);
  }
}

}  // namespace cachemodel
