// Who is who in a set of groups that share files.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "scenarios/spec.h"

namespace scenarios {

// Who writes among the ranks whose role is `all`.
enum class SharingSplit : std::uint8_t {
  both,       // every one of them writes and reads
  alternate,  // in every group its ranks 0, 2, 4, ... write and the others read
  first       // the set has one writer: the first of them, unless a group has the role `writer`
};

// One rank in its set.
struct SharingMember {
  std::uint32_t rank = 0;  // in the set, over all its groups
  std::uint32_t ranks = 0;
  // Its number among those who write and among those who read; nothing if it does not.
  std::optional<std::uint32_t> writer;
  std::optional<std::uint32_t> reader;
  std::uint32_t writers = 0;
  std::uint32_t readers = 0;
};

// The members of one set. Numbers go by group, and by rank within it.
class SharingSet {
 public:
  // `groups`: roles and numbers of ranks of all the set's groups, in the scenario's order.
  struct Group {
    SharingRole role = SharingRole::all;
    std::uint32_t ranks = 0;
  };
  SharingSet(std::span<const Group> groups, SharingSplit split);

  std::uint32_t ranks() const { return ranks_; }
  std::uint32_t writers() const { return writers_; }
  std::uint32_t readers() const { return readers_; }
  // Rank `rank` of the set's group number `group`.
  SharingMember member(std::size_t group, std::uint32_t rank) const;

 private:
  // Where a group's ranks begin among the set's.
  struct Place {
    Group group;
    std::uint32_t rank = 0;
    std::uint32_t writer = 0;
    std::uint32_t reader = 0;
    bool first_writes = false;  // of the split `first`: its rank 0 is the writer
  };
  std::uint32_t writers_of(const Place& place) const;
  std::uint32_t readers_of(const Place& place) const;

  SharingSplit split_;
  std::vector<Place> places_;
  std::uint32_t ranks_ = 0;
  std::uint32_t writers_ = 0;
  std::uint32_t readers_ = 0;
};

}  // namespace scenarios
