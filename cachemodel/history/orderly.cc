#include "cachemodel/history/orderly.h"

#include <algorithm>
#include <map>

namespace cachemodel {
namespace {

// Which write was begun last, by place.
class Latest {
 public:
  // False if what is there has not returned before `write` was invoked.
  bool put(const Write& write) {
    const sim::Extent range = write.range;
    auto it = first_behind(range.begin);
    for (auto old = it; old != pieces_.end() && old->first < range.end; ++old) {
      if (old->second.write->call.returned >= write.call.invoked) {
        return false;
      }
    }
    if (it != pieces_.end() && it->first < range.begin) {
      const Piece whole = it->second;
      it->second.end = range.begin;
      it = pieces_.emplace_hint(std::next(it), range.begin, whole);
    }
    while (it != pieces_.end() && it->second.end <= range.end) {
      it = pieces_.erase(it);
    }
    if (it != pieces_.end() && it->first < range.end) {
      const Piece rest = it->second;
      it = pieces_.emplace_hint(pieces_.erase(it), range.end, rest);
    }
    pieces_.emplace_hint(it, range.begin, Piece{range.end, &write});
    return true;
  }

  // Whether the latest write to all of `range` has this stamp; 0: whether there was none to any.
  bool is(sim::Extent range, std::uint64_t stamp) const {
    auto it = first_behind(range.begin);
    if (stamp == 0) {
      return it == pieces_.end() || it->first >= range.end;
    }
    sim::Bytes at = range.begin;
    for (; at < range.end && it != pieces_.end() && it->first <= at; ++it) {
      if (it->second.write->stamp != stamp) {
        return false;
      }
      at = it->second.end;
    }
    return at >= range.end;
  }

 private:
  struct Piece {
    sim::Bytes end = 0;
    const Write* write = nullptr;
  };
  using Pieces = std::map<sim::Bytes, Piece>;  // by where they begin; they do not overlap

  template <typename Map>
  static auto first_behind(Map& pieces, sim::Bytes offset) {
    const auto it = pieces.upper_bound(offset);
    return it != pieces.begin() && std::prev(it)->second.end > offset ? std::prev(it) : it;
  }
  Pieces::iterator first_behind(sim::Bytes offset) { return first_behind(pieces_, offset); }
  Pieces::const_iterator first_behind(sim::Bytes offset) const {
    return first_behind(pieces_, offset);
  }

  Pieces pieces_;
};

bool shows_latest(const Latest& latest, const Read& read, const Merged& merged) {
  sim::Bytes at = read.offset;
  return std::ranges::all_of(merged.runs_of(read), [&](const ReadRun& run) {
    const sim::Extent range{at, at + run.length};
    at = range.end;
    return latest.is(range, run.stamp);
  });
}

}  // namespace

bool is_orderly(const FileHistory& file, const Merged& merged) {
  const auto acknowledged = [](const Write& write) {
    return write.ending == Ending::ok && !write.zeros;
  };
  if (merged.clocks().count() != 1 || !file.applies.empty() || !file.drops.empty() ||
      !std::ranges::all_of(file.writes, acknowledged)) {
    return false;
  }
  Latest latest;
  auto write = file.writes.begin();
  for (const Read& read : file.reads) {
    for (; write != file.writes.end() && write->call.invoked <= read.call.invoked; ++write) {
      if (!latest.put(*write)) {
        return false;
      }
    }
    if (!shows_latest(latest, read, merged)) {
      return false;
    }
  }
  return std::all_of(write, file.writes.end(), [&](const Write& w) { return latest.put(w); });
}

}  // namespace cachemodel
