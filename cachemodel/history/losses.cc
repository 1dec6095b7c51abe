#include <algorithm>
#include <map>

#include "cachemodel/history/file_check.h"
#include "cachemodel/history/tally.h"

namespace cachemodel {
namespace {

// Whole blocks. The last block of the address space has no end; its last byte is let go.
sim::Extent to_blocks(sim::Extent range) {
  const sim::Bytes last = (range.end - 1) / kBlock;
  return {range.begin / kBlock * kBlock,
          last == sim::kEof / kBlock ? sim::kEof : (last + 1) * kBlock};
}

class LossCheck {
 public:
  explicit LossCheck(FileCheck& check) : check_(check), teller_(check.file, check.options) {}

  void run() {
    invalidations();
    losses();
    fates();
  }

 private:
  // Blocks that a write touched are rightly dropped; the others are false invalidations.
  void invalidations() {
    std::vector<SweepQuery> nameless;
    std::vector<std::vector<sim::Extent>> touched(check_.file.drops.size());
    for (std::uint32_t d = 0; d < check_.file.drops.size(); ++d) {
      const Drop& drop = check_.file.drops[d];
      if (drop.cause != DropCause::conflict) {
        continue;
      }
      if (const auto write = check_.versions.find(drop.stamp)) {
        touched[d].push_back(check_.file.writes[*write].range);
      } else {
        const std::int64_t epsilon = check_.merged.clocks().epsilon(drop.clock).ns();
        nameless.push_back({to_blocks(drop.range), drop.at.ns() - epsilon - 1,
                            drop.at.ns() + epsilon, drop.client, d});
      }
    }
    find_conflicting(nameless, touched);
    for (std::uint32_t d = 0; d < check_.file.drops.size(); ++d) {
      if (check_.file.drops[d].cause == DropCause::conflict) {
        count_invalidation(check_.file.drops[d].range, touched[d]);
      }
    }
  }

  // Where the conflicting write is not named, it is any write of another client under way.
  void find_conflicting(std::vector<SweepQuery>& queries,
                        std::vector<std::vector<sim::Extent>>& touched) {
    if (queries.empty()) {
      return;
    }
    std::vector<SweepItem> items;
    for (const Version& version : check_.versions.all()) {
      items.push_back({to_blocks(version.range), version.place.late, version.place.early,
                       client_of(check_.file.writes[version.write].stamp)});
    }
    for (const SweepPiece& piece : sweep(items, queries)) {
      touched[piece.tag].push_back(piece.range);
    }
  }

  void count_invalidation(sim::Extent dropped, std::vector<sim::Extent>& touched) {
    for (sim::Extent& range : touched) {
      range = to_blocks(range).intersect(to_blocks(dropped));
    }
    check_.verdict.invalidated += blocks_of(dropped);
    check_.verdict.false_invalidations += blocks_of(dropped) - distinct_blocks(std::move(touched));
  }

  void losses() {
    std::map<std::uint32_t, std::vector<sim::Extent>> lost;        // by write
    std::map<std::uint32_t, std::vector<sim::Extent>> after_sync;  // by write
    for (const Drop& drop : check_.file.drops) {
      const auto write =
          drop.cause == DropCause::lost ? check_.versions.find(drop.stamp) : std::nullopt;
      if (!write || check_.file.writes[*write].ending != Ending::ok) {
        continue;
      }
      const Write& victim = check_.file.writes[*write];
      const sim::Extent range = drop.range.intersect(victim.range);
      lost[*write].push_back(range);
      const auto synced = check_.marks.synced(client_of(victim.stamp), victim.call.returned);
      if (synced && *synced < drop.at) {
        after_sync[*write].push_back(range);
        tell(drop, *write, *synced);
      }
    }
    for (auto& [write, ranges] : lost) {
      check_.verdict.lost += distinct_blocks(std::move(ranges));
    }
    for (auto& [write, ranges] : after_sync) {
      check_.verdict.lost_after_fsync += distinct_blocks(std::move(ranges));
    }
  }

  void tell(const Drop& drop, std::uint32_t write, sim::TimePoint synced) {
    if (check_.stories.wants("lost after fsync", drop.at)) {
      check_.stories.add({"lost after fsync", drop.at,
                          "lost after fsync: data of " + teller_.file_name() + " was lost at " +
                              format_instant(drop.at) + teller_.write("lost", write) +
                              "\n  but an fsync had returned at " + format_instant(synced)});
    }
  }

  void fates() {
    std::vector<bool> seen(check_.file.writes.size());
    for (const Sight& sight : check_.sights.seen) {
      if (sight.write != kNobody && sight.certain) {
        seen[sight.write] = true;
      }
    }
    for (std::size_t w = 0; w < check_.file.writes.size(); ++w) {
      const Ending ending = check_.file.writes[w].ending;
      check_.verdict.failed_writes += ending == Ending::failed ? 1u : 0u;
      check_.verdict.unknown_writes += ending == Ending::unknown ? 1u : 0u;
      check_.verdict.unknown_seen += ending == Ending::unknown && seen[w] ? 1u : 0u;
    }
  }

  FileCheck& check_;
  Teller teller_;
};

}  // namespace

void check_losses(FileCheck& check) { LossCheck(check).run(); }

}  // namespace cachemodel
