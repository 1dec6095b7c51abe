// From pieces of bytes to numbers of blocks.
#pragma once

#include <functional>
#include <map>
#include <vector>

#include "cachemodel/history/event.h"

namespace cachemodel {

// A part of a read that something is to be said of.
struct Hit {
  std::uint32_t read = 0;  // index among the file's reads
  sim::Extent range;
  sim::Duration age;
  std::uint32_t sight = 0;
  std::uint32_t write = 0;  // the newer one, among the file's writes
};

// Blocks that `range` touches.
constexpr std::uint64_t blocks_of(sim::Extent range) {
  return range.empty() ? 0 : (range.end - 1) / kBlock - range.begin / kBlock + 1;
}

// Blocks that the ranges touch; one that several of them touch counts once.
std::uint64_t distinct_blocks(std::vector<sim::Extent> ranges);

// The same for each read that has hits, by read.
std::map<std::uint32_t, std::uint64_t> blocks_by_read(const std::vector<Hit>& hits);

// Calls `with(read, blocks, age)` so that every block of every read that a hit touches is counted
// once, with the greatest age among its hits. Hits of one read must not overlap, but may touch the
// same block. Orders the hits by read and place.
void count_blocks(std::vector<Hit>& hits,
                  const std::function<void(std::uint32_t, std::uint64_t, sim::Duration)>& with);

}  // namespace cachemodel
