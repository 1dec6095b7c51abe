// The versions of one file's bytes, and how they follow one another.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "cachemodel/history/merge.h"
#include "cachemodel/history/sweep.h"

namespace cachemodel {

inline constexpr std::int64_t kBeginning = std::numeric_limits<std::int64_t>::min() / 2;

// Where a version stands. A version is newer than another if its `low` is above the other's `high`;
// if neither is newer, their order is not known. With the servers' log ("in order") these are
// places in the order of application. By time they are the write's call, so that what did not
// overlap is in order; that also holds against versions of which the log says nothing.
struct Place {
  bool in_order = false;
  bool exact = false;             // in order, and so to everything else that is
  std::int64_t low = kBeginning;  // of the order of application, only if in_order
  std::int64_t high = kBeginning;
  std::int64_t early = kBeginning;  // of time, always
  std::int64_t late = kBeginning;
};

// What one write left on a range.
struct Version {
  std::uint32_t write = kNobody;  // index among the file's writes
  sim::Extent range;
  Place place;
  bool durable = false;  // acknowledged, and not lost: a read that began later must see it
  bool lost = false;
};

// If servers logged applications to the file, they decide: what was applied twice stands where it
// was applied first; a write absorbed in its client's cache stands just before its absorber, the
// client's next write there that was applied; an acknowledged write that is still cached comes
// after everything applied, and several such go by time. Of a file without a log, and of writes
// that failed, are unknown or were lost, only the time of their calls is known.
class Versions {
 public:
  Versions(const FileHistory& file, const Clocks& clocks);

  std::span<const Version> all() const { return versions_; }
  // The versions of one write, ascending by range.
  std::span<const Version> of(std::uint32_t write) const {
    return all().subspan(first_[write], first_[write + 1] - first_[write]);
  }
  // Which of the file's writes has this stamp.
  std::optional<std::uint32_t> find(std::uint64_t stamp) const;
  // Bytes of which nobody wrote any.
  Place initial() const {
    return {logged_, logged_, kBeginning, kBeginning, kBeginning, kBeginning};
  }
  bool punched() const { return punched_; }

 private:
  Place by_time(const Write& write) const;
  void place_all();
  void place_in_order();

  const FileHistory& file_;
  const Clocks& clocks_;
  bool logged_ = false;
  bool punched_ = false;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> by_stamp_;
  std::vector<Version> versions_;
  std::vector<std::size_t> first_;  // of each write, and one past the last
};

}  // namespace cachemodel
