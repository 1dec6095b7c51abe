// Which of two writes to a cell is newer, by definition and slowly. For tests.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "cachemodel/history/merge.h"

namespace cachemodel {

// Small histories lie on cells of this size, four to a block.
inline constexpr sim::Bytes kCell = kBlock / 4;
using Cell = std::uint64_t;

// Whether x is newer than s, or the other way round, or nobody knows.
enum class Order { newer, older, unknown };

class ReferenceOrder {
 public:
  ReferenceOrder(const FileHistory& file, const Clocks& clocks) : file_(file), clocks_(clocks) {}

  static bool covers(sim::Extent range, Cell cell) {
    return range.begin <= cell * kCell && (cell + 1) * kCell <= range.end;
  }
  bool lost(const Write& write, Cell cell) const;
  // Acknowledged and not lost.
  bool durable(const Write& write, Cell cell) const;
  // How x stands to s; null stands for nobody's zeros.
  Order order(const Write& x, const Write* s, Cell cell) const;

 private:
  // Where the write stands in the order of application: an index, and how many it was absorbed by.
  using Rank = std::pair<std::int64_t, std::int64_t>;
  std::optional<Rank> rank(const Write& write, Cell cell) const;
  Order by_time(const Write& x, const Write& s) const;
  std::int64_t epsilon(std::uint32_t clock) const { return clocks_.epsilon(clock).ns(); }

  const FileHistory& file_;
  const Clocks& clocks_;
};

}  // namespace cachemodel
