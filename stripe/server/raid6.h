// Where a byte range of a RAID-6 group stands on its drives, and what reading or writing it takes
// from each of them. Pure arithmetic.
#pragma once

#include <boost/container/small_vector.hpp>
#include <cstdint>

#include "sim/units.h"
#include "stripe/server/disk.h"

namespace stripe {

// Drives 0 .. data_disks-1 hold data, the parity_disks behind them parity. Parity does not rotate
// over the drives, which leaves the parity drives idle when reading; the streaming rate is the same
// as with rotation, because a drive passes over parity as slowly as over data.
struct RaidGeometry {
  // Lustre manual, "Formatting options for RAID devices": 8 data drives × 128 KiB, so that one
  // stripe is the 1 MiB that clients send at once.
  std::uint32_t data_disks = 8;
  std::uint32_t parity_disks = 2;
  sim::Bytes chunk = 128 * sim::kKiB;
  // Drives 0 .. failed_disks-1 are lost; at most parity_disks.
  std::uint32_t failed_disks = 0;

  std::uint32_t disks() const { return data_disks + parity_disks; }
  sim::Bytes row() const { return data_disks * chunk; }  // data of a full stripe
};

struct RaidPiece {
  std::uint32_t disk;
  DiskPiece piece;
};
using RaidPieces = boost::container::small_vector<RaidPiece, 16>;

// The part of `range` (of the group's data) that stands on data drive `disk`, as a range of that
// drive. A contiguous range of the group is contiguous on every drive.
sim::Extent on_data_disk(const RaidGeometry& raid, sim::Extent range, std::uint32_t disk);

// Appends what reading `range` takes. With a lost drive in the range, as many drives as there are
// data drives are read at its place: the other data drives, and parity for the lost ones.
void plan_read(const RaidGeometry& raid, sim::Extent range, RaidPieces& pieces);

// Appends what writing `range` takes: full stripes are written with their parity. For a partial one
// either the old data and the old parity are read (read-modify-write) or what of the row is not
// written (reconstruct-write), whichever reads from fewer drives; equals reconstruct, as Linux md
// does. Parity is written one turn after the reads began either way. If a partial stripe's lost
// drive is written, its old data cannot be read: the row is reconstructed. Without parity a partial
// stripe is just written.
void plan_write(const RaidGeometry& raid, sim::Extent range, RaidPieces& pieces);

}  // namespace stripe
