// How long a disk drive takes to get somewhere and to move data there. Pure arithmetic on whole
// nanoseconds.
#pragma once

#include "sim/units.h"

namespace stripe {

// One drive. Defaults: Seagate Constellation.2 SAS 1 TB (7200 rpm), product manual rev. H, 5.1 and
// 5.2, read times without controller overhead.
struct DiskParams {
  sim::Bytes capacity = 1'000'000'000'000;
  sim::Duration track_to_track = sim::microseconds(230);
  sim::Duration average_seek = sim::microseconds(7500);
  sim::Duration full_stroke = sim::microseconds(17060);
  std::uint32_t rpm = 7200;
  sim::Rate outer_rate{163'000'000};  // at position 0
  sim::Rate inner_rate{84'000'000};   // at the last byte
};

// One turn of the platters.
sim::Duration rotation(const DiskParams& disk);

// Time for the heads to move over `distance` bytes of addresses: nothing for 0, then from
// track_to_track growing with the square root to average_seek at a third of the drive (the mean
// distance of two random places), then linearly to full_stroke at the whole drive. The form is that
// of Ruemmler and Wilkes, "An introduction to disk drive modeling", IEEE Computer 27(3), 1994.
sim::Duration seek_time(const DiskParams& disk, sim::Bytes distance);

// Time from the end of an access at `head` to the first byte at `target`: nothing if it follows on,
// else a seek and half a turn (the mean; the angle itself is not modelled). A gap ahead is passed
// over instead where that is shorter.
sim::Duration positioning_time(const DiskParams& disk, sim::Bytes head, sim::Bytes target);

// Linear from the outer to the inner rate.
sim::Rate zone_rate(const DiskParams& disk, sim::Bytes position);

// At the rate of the zone in which `range` begins.
sim::Duration transfer_time(const DiskParams& disk, sim::Extent range);

}  // namespace stripe
