#include "cachemodel/history/sights.h"

#include <algorithm>

namespace cachemodel {
namespace {

class Looker {
 public:
  Looker(const FileHistory& file, const Merged& merged, const Versions& versions)
      : file_(file), merged_(merged), versions_(versions) {}

  Sights look() {
    for (std::uint32_t r = 0; r < file_.reads.size(); ++r) {
      const ReadEvent& read = file_.reads[r];
      sim::Bytes at = read.offset;
      auto run = static_cast<std::uint32_t>(read.first_run);
      for (const ReadRun& seen : merged_.runs_of(read)) {
        look_at(seen.stamp, {r, run++, {at, at + seen.length}, kNobody, {}, true});
        at += seen.length;
      }
    }
    if (!zeros_.empty()) {
      look_for_punches();
    }
    return std::move(sights_);
  }

 private:
  void look_at(std::uint64_t stamp, Sight sight) {
    if (stamp == 0) {
      sight.place = versions_.initial();
      (versions_.punched() ? zeros_ : sights_.seen).push_back(sight);
      return;
    }
    const auto write = versions_.find(stamp);
    if (stamp == kNoWriter || !write) {
      fault(sight, sight.range, stamp == kNoWriter ? Fault::undecodable : Fault::never_written);
      return;
    }
    sight.write = *write;
    if (const Fault wrong = fault_of(file_.writes[*write], file_.reads[sight.read]);
        wrong != Fault::none) {
      fault(sight, sight.range, wrong);
      return;
    }
    look_at_versions(sight);
  }

  void look_at_versions(Sight sight) {
    const sim::Extent range = sight.range;
    sim::Bytes at = range.begin;
    const auto versions = versions_.of(sight.write);
    auto it = std::ranges::upper_bound(versions, range.begin, {},
                                       [](const Version& v) { return v.range.end; });
    for (; it != versions.end() && it->range.begin < range.end; ++it) {
      sight.range = range.intersect(it->range);
      sight.place = it->place;
      fault(sight, {at, sight.range.begin}, Fault::never_written);
      sights_.seen.push_back(sight);
      at = sight.range.end;
    }
    fault(sight, {at, range.end}, Fault::never_written);
  }

  Fault fault_of(const Write& write, const Read& read) const {
    const sim::Duration apart = merged_.clocks().between(write.clock, read.clock);
    if (write.call.invoked - apart > read.call.returned) {
      return Fault::from_later;
    }
    if (write.zeros) {
      return Fault::never_written;  // a punch leaves zeros, never its stamp
    }
    return write.ending == Ending::failed ? Fault::failed : Fault::none;
  }

  void fault(const Sight& sight, sim::Extent range, Fault fault) {
    if (!range.empty()) {
      sights_.faulty.push_back({sight.read, sight.run, range, sight.write, fault});
    }
  }

  // For each piece of zeros, the newest punch that had begun when the read returned.
  void look_for_punches() {
    std::vector<SweepItem> items;
    const auto all = versions_.all();
    for (std::uint32_t v = 0; v < all.size(); ++v) {
      if (file_.writes[all[v].write].zeros && file_.writes[all[v].write].ending != Ending::failed) {
        items.push_back({all[v].range, -all[v].place.early, -newest(all[v].place), v});
      }
    }
    std::vector<SweepQuery> queries;
    for (std::uint32_t z = 0; z < zeros_.size(); ++z) {
      const Read& read = file_.reads[zeros_[z].read];
      const sim::TimePoint latest = read.call.returned + merged_.clocks().epsilon(read.clock);
      queries.push_back({zeros_[z].range, -latest.ns() - 1, kNever, kNobody, z});
    }
    for (const SweepPiece& piece : sweep(items, queries)) {
      Sight sight = zeros_[piece.tag];
      sight.range = piece.range;
      if (piece.id != kNobody) {
        sight.certain = false;
        sight.write = all[piece.id].write;
        sight.place = all[piece.id].place;
      }
      sights_.seen.push_back(sight);
    }
  }

  // The latest place a version can have, in the file's way of ordering.
  std::int64_t newest(const Place& place) const {
    if (!versions_.initial().in_order) {
      return place.late;
    }
    return place.in_order ? place.high : kNever;
  }

  const FileHistory& file_;
  const Merged& merged_;
  const Versions& versions_;
  Sights sights_;
  std::vector<Sight> zeros_;  // of files with punches
};

}  // namespace

Sights sights_of(const FileHistory& file, const Merged& merged, const Versions& versions) {
  return Looker(file, merged, versions).look();
}

}  // namespace cachemodel
