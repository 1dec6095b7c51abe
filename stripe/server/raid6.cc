#include "stripe/server/raid6.h"

#include <algorithm>

namespace stripe {

using sim::Bytes;
using sim::Extent;

namespace {

Extent hull(Extent a, Extent b) {
  if (a.empty() || b.empty()) {
    return a.empty() ? b : a;
  }
  return {std::min(a.begin, b.begin), std::max(a.end, b.end)};
}

// What `range` covers on any of the drives [begin, end), as one range.
Extent hull_on(const RaidGeometry& raid, Extent range, std::uint32_t begin, std::uint32_t end) {
  Extent covered;
  for (std::uint32_t disk = begin; disk < end; ++disk) {
    covered = hull(covered, on_data_disk(raid, range, disk));
  }
  return covered;
}

void write_rows(const RaidGeometry& raid, Extent rows, RaidPieces& pieces) {
  const Extent on_disk{rows.begin / raid.data_disks, rows.end / raid.data_disks};
  for (std::uint32_t disk = raid.failed_disks; disk < raid.disks(); ++disk) {
    pieces.push_back({disk, {on_disk, false}});
  }
}

// Whether `range`, a part of a row that covers `touched` of the drives, is written by reading the
// rest of `touched` rather than what it replaces.
bool reconstructs(const RaidGeometry& raid, Extent range, Extent touched) {
  std::uint32_t replaced = raid.disks() - raid.data_disks;  // drives whose old content is read
  std::uint32_t rest = 0;                                   // drives whose other content is read
  if (raid.failed_disks > 0) {
    return !hull_on(raid, range, 0, raid.failed_disks).empty();  // the lost rest cannot be read
  }
  for (std::uint32_t disk = 0; disk < raid.data_disks; ++disk) {
    const Extent part = on_data_disk(raid, range, disk);
    replaced += part.empty() ? 0 : 1;
    rest += part == touched ? 0 : 1;
  }
  return rest <= replaced;
}

// `range` lies within one row and does not fill it.
void rewrite_part(const RaidGeometry& raid, Extent range, RaidPieces& pieces) {
  if (raid.parity_disks == 0) {
    plan_read(raid, range, pieces);  // the same places, and nothing to work out
    return;
  }
  const Extent touched = hull_on(raid, range, 0, raid.data_disks);
  const bool reconstruct = reconstructs(raid, range, touched);
  for (std::uint32_t disk = raid.failed_disks; disk < raid.data_disks; ++disk) {
    const Extent part = on_data_disk(raid, range, disk);
    if (!reconstruct) {
      if (!part.empty()) {
        pieces.push_back({disk, {part, true}});
      }
    } else if (part == touched) {
      pieces.push_back({disk, {touched, false}});
    } else {
      pieces.push_back({disk, {touched, !part.empty()}});
    }
  }
  for (std::uint32_t disk = raid.data_disks; disk < raid.disks(); ++disk) {
    pieces.push_back({disk, {touched, true}});
  }
}

}  // namespace

Extent on_data_disk(const RaidGeometry& raid, Extent range, std::uint32_t disk) {
  const auto place = [&](Bytes at) {
    const Bytes within = at % raid.row();
    const Bytes begin = disk * raid.chunk;  // of the drive's chunk in the row
    return at / raid.row() * raid.chunk + std::clamp(within, begin, begin + raid.chunk) - begin;
  };
  return {place(range.begin), place(range.end)};
}

void plan_read(const RaidGeometry& raid, Extent range, RaidPieces& pieces) {
  const Extent lost = hull_on(raid, range, 0, raid.failed_disks);
  for (std::uint32_t disk = raid.failed_disks; disk < raid.data_disks; ++disk) {
    const Extent part = hull(on_data_disk(raid, range, disk), lost);
    if (!part.empty()) {
      pieces.push_back({disk, {part, false}});
    }
  }
  for (std::uint32_t i = 0; i < raid.failed_disks && !lost.empty(); ++i) {
    pieces.push_back({raid.data_disks + i, {lost, false}});
  }
}

void plan_write(const RaidGeometry& raid, Extent range, RaidPieces& pieces) {
  const Bytes row = raid.row();
  const Bytes first_full = (range.begin + row - 1) / row * row;
  const Bytes full_end = range.end / row * row;
  if (first_full > full_end) {  // inside one row, touching neither of its ends
    rewrite_part(raid, range, pieces);
    return;
  }
  if (range.begin < first_full) {
    rewrite_part(raid, {range.begin, first_full}, pieces);
  }
  if (first_full < full_end) {
    write_rows(raid, {first_full, full_end}, pieces);
  }
  if (full_end < range.end) {
    rewrite_part(raid, {full_end, range.end}, pieces);
  }
}

}  // namespace stripe
