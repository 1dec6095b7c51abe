#include "scenarios/workload/sharing/member.h"

#include <algorithm>

namespace scenarios {

SharingSet::SharingSet(std::span<const Group> groups, SharingSplit split) : split_(split) {
  const auto writes = [](const Group& g) { return g.role == SharingRole::writer; };
  bool writer_found = std::ranges::any_of(groups, writes);
  for (const Group& group : groups) {
    Place place{group, ranks_, writers_, readers_, false};
    if (!writer_found && group.role == SharingRole::all) {
      place.first_writes = true;
      writer_found = true;
    }
    ranks_ += group.ranks;
    writers_ += writers_of(place);
    readers_ += readers_of(place);
    places_.push_back(place);
  }
}

std::uint32_t SharingSet::writers_of(const Place& place) const {
  const std::uint32_t ranks = place.group.ranks;
  if (place.group.role != SharingRole::all) {
    return place.group.role == SharingRole::writer ? ranks : 0;
  }
  switch (split_) {
    case SharingSplit::both:
      return ranks;
    case SharingSplit::alternate:
      return (ranks + 1) / 2;
    case SharingSplit::first:
      return place.first_writes ? 1 : 0;
  }
  return 0;
}

std::uint32_t SharingSet::readers_of(const Place& place) const {
  if (place.group.role == SharingRole::all && split_ == SharingSplit::both) {
    return place.group.ranks;
  }
  return place.group.ranks - writers_of(place);
}

SharingMember SharingSet::member(std::size_t group, std::uint32_t rank) const {
  const Place& place = places_[group];
  SharingMember member{place.rank + rank, ranks_, {}, {}, writers_, readers_};
  const bool free = place.group.role == SharingRole::all;
  if (free && split_ == SharingSplit::both) {
    member.writer = place.writer + rank;
    member.reader = place.reader + rank;
  } else if (free && split_ == SharingSplit::alternate) {
    (rank % 2 == 0 ? member.writer : member.reader) =
        (rank % 2 == 0 ? place.writer : place.reader) + rank / 2;
  } else if (place.group.role == SharingRole::writer || (place.first_writes && rank == 0)) {
    member.writer = place.writer + rank;
  } else {
    member.reader = place.reader + rank - (place.first_writes ? 1 : 0);
  }
  return member;
}

}  // namespace scenarios
