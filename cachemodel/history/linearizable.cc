// Linearizability of registers whose writes are all distinct: P. Gibbons and E. Korach, "Testing
// shared memories", SIAM J. Comput. 26 (1997). A write and the reads that show it are a cluster. Of
// two clusters, one must come before the other if one of its calls returned before a call of the
// other was invoked. If that holds both ways, no order explains them; and if it holds both ways for
// no two clusters, some order explains all.
#include <fmt/core.h>

#include <algorithm>
#include <queue>
#include <set>

#include "cachemodel/history/file_check.h"
#include "cachemodel/history/tally.h"

namespace cachemodel {
namespace {

// One call of a cluster, with what the clocks may be off taken off both ends.
struct ClusterCall {
  sim::Extent range;
  std::int64_t invoked = 0;
  std::int64_t returned = 0;
};

// A cluster on a range where all of it is alike.
struct Zone {
  sim::Extent range;
  std::int64_t first_return = kNever;
  std::int64_t last_invoke = kBeginning;
  std::uint32_t write = 0;  // one past the last write: the zeros before any write
};

// Appends the zones of one cluster, ascending. O(n log n) in its calls.
void add_zones(std::uint32_t write, std::vector<ClusterCall>& calls, std::vector<Zone>& zones) {
  if (calls.size() == 1) {
    zones.push_back({calls[0].range, calls[0].returned, calls[0].invoked, write});
    return;
  }
  std::ranges::sort(calls, {}, [](const ClusterCall& c) { return c.range.begin; });
  std::vector<sim::Bytes> bounds;
  for (const ClusterCall& call : calls) {
    bounds.push_back(call.range.begin);
    bounds.push_back(call.range.end);
  }
  std::ranges::sort(bounds);
  bounds.erase(std::unique(bounds.begin(), bounds.end()), bounds.end());
  using Timed = std::pair<std::int64_t, sim::Bytes>;  // an instant, and where its call's range ends
  std::priority_queue<Timed> invokes;
  std::priority_queue<Timed, std::vector<Timed>, std::greater<>> returns;
  std::size_t next = 0;
  for (std::size_t b = 0; b + 1 < bounds.size(); ++b) {
    for (; next < calls.size() && calls[next].range.begin <= bounds[b]; ++next) {
      invokes.emplace(calls[next].invoked, calls[next].range.end);
      returns.emplace(calls[next].returned, calls[next].range.end);
    }
    while (!invokes.empty() && invokes.top().second <= bounds[b]) {
      invokes.pop();
    }
    while (!returns.empty() && returns.top().second <= bounds[b]) {
      returns.pop();
    }
    if (!invokes.empty()) {
      zones.push_back(
          {{bounds[b], bounds[b + 1]}, returns.top().first, invokes.top().first, write});
    }
  }
}

class LinearizableCheck {
 public:
  explicit LinearizableCheck(FileCheck& check)
      : check_(check), teller_(check.file, check.options), none_(count_of(check.file)) {}

  void run() {
    find_zones();
    find_conflicts();
    find_impossible();
    check_.verdict.blocks[Guarantee::linearizable].violations +=
        distinct_blocks(std::move(broken_));
  }

 private:
  static std::uint32_t count_of(const FileHistory& file) {
    return static_cast<std::uint32_t>(file.writes.size());
  }

  std::int64_t epsilon(std::uint32_t clock) const {
    return check_.merged.clocks().epsilon(clock).ns();
  }

  void find_zones() {
    std::vector<const Sight*> sights;
    for (const Sight& sight : check_.sights.seen) {
      if (sight.certain) {
        sights.push_back(&sight);
      }
    }
    // Zeros that nobody wrote have the greatest number, and so come last.
    std::ranges::stable_sort(sights, {}, &Sight::write);
    std::vector<ClusterCall> calls;
    std::size_t next = 0;
    const auto take_reads = [&](std::uint32_t write) {
      for (; next < sights.size() && sights[next]->write == write; ++next) {
        const Read& read = check_.file.reads[sights[next]->read];
        calls.push_back({sights[next]->range, read.call.invoked.ns() - epsilon(read.clock),
                         read.call.returned.ns() + epsilon(read.clock)});
      }
    };
    for (std::uint32_t w = 0; w < none_; ++w) {
      calls.clear();
      for (const Version& version : check_.versions.of(w)) {
        // A write that was lost or whose fate is unknown is there when it is seen, or never.
        calls.push_back(
            {version.range, version.place.early, version.durable ? version.place.late : kNever});
      }
      take_reads(w);
      add_zones(w, calls, zones_);
    }
    calls.clear();
    take_reads(kNobody);
    for (const ClusterCall& call : calls) {
      zones_.push_back({call.range, kBeginning, call.invoked, none_});
    }
  }

  void find_conflicts() {
    std::vector<SweepItem> items;
    std::vector<SweepQuery> queries;
    items.reserve(zones_.size());
    queries.reserve(zones_.size());
    for (std::uint32_t z = 0; z < zones_.size(); ++z) {
      const Zone& zone = zones_[z];
      items.push_back({zone.range, zone.last_invoke, zone.first_return, zone.write});
      queries.push_back({zone.range, zone.first_return, zone.last_invoke - 1, zone.write, z});
    }
    std::set<std::pair<std::uint32_t, std::uint32_t>> told;
    for (const SweepPiece& piece : sweep(items, queries)) {
      broken_.push_back(piece.range);
      const Zone& zone = zones_[piece.tag];
      const sim::TimePoint at(zone.last_invoke);
      if (check_.stories.wants("linearizable", at) &&
          told.insert(std::minmax(zone.write, piece.id)).second) {
        tell(zone, piece, at);
      }
    }
  }

  std::uint32_t shown(std::uint32_t write) const { return write == none_ ? kNobody : write; }

  void tell(const Zone& zone, const SweepPiece& piece, sim::TimePoint at) {
    std::string text =
        fmt::format("linearizable: no order explains what was seen of [{} B, {} B) of {}",
                    piece.range.begin, piece.range.end, teller_.file_name());
    text += teller_.write("one", shown(zone.write));
    text += teller_.write("other", shown(piece.id));
    text += fmt::format(
        "\n  order: the other was there {}, yet the one was written or seen by a call invoked at "
        "{}; "
        "and the same holds the other way round",
        piece.time == kBeginning ? "from the beginning"
                                 : "by " + format_instant(sim::TimePoint(piece.time)),
        format_instant(at));
    check_.stories.add({"linearizable", at, std::move(text)});
  }

  void find_impossible() {
    std::vector<Hit> wrong;
    std::vector<Hit> undecodable;
    for (const FaultySight& sight : check_.sights.faulty) {
      const Hit hit{sight.read, sight.range, {}, 0, 0};
      if (sight.fault == Fault::undecodable) {
        undecodable.push_back(hit);
        continue;
      }
      wrong.push_back(hit);
      broken_.push_back(sight.range);
      tell(sight);
    }
    for (const auto& [read, blocks] : blocks_by_read(wrong)) {
      check_.verdict.blocks.impossible += blocks;
    }
    for (const auto& [read, blocks] : blocks_by_read(undecodable)) {
      check_.verdict.undecodable += blocks;
    }
  }

  void tell(const FaultySight& sight) {
    const Read& read = check_.file.reads[sight.read];
    if (!check_.stories.wants("impossible read", read.call.invoked)) {
      return;
    }
    const ReadRun& run = check_.merged.runs()[sight.run];
    std::string text = "impossible read: " + teller_.read(read, sight.range);
    if (sight.write == kNobody) {
      text += fmt::format("\n  seen: stamp {:#x}, which no write to this file has", run.stamp);
    } else {
      text += teller_.write("seen", sight.write);
      text += sight.fault == Fault::from_later ? "\n  but it was issued after the read had returned"
              : sight.fault == Fault::failed   ? "\n  but it failed"
                                               : "\n  but it did not write there";
    }
    check_.stories.add(
        {"impossible read", read.call.invoked, text + teller_.basis(run.basis, run.since)});
  }

  FileCheck& check_;
  Teller teller_;
  std::uint32_t none_;
  std::vector<Zone> zones_;
  std::vector<sim::Extent> broken_;
};

}  // namespace

void check_linearizable(FileCheck& check) { LinearizableCheck(check).run(); }

}  // namespace cachemodel
