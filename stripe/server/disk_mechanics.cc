#include "stripe/server/disk_mechanics.h"

#include <algorithm>
#include <boost/multiprecision/integer.hpp>

namespace stripe {
namespace {

// a + (b - a) × numerator ÷ denominator, rounded down.
sim::Duration between(sim::Duration a, sim::Duration b, sim::Bytes numerator,
                      sim::Bytes denominator) {
  const auto part = static_cast<__int128>((b - a).ns()) * numerator / denominator;
  return a + sim::Duration(static_cast<std::int64_t>(part));
}

}  // namespace

sim::Duration rotation(const DiskParams& disk) { return sim::seconds(60) / disk.rpm; }

sim::Duration seek_time(const DiskParams& disk, sim::Bytes distance) {
  if (distance == 0) {
    return {};
  }
  const sim::Bytes third = disk.capacity / 3;
  if (distance >= third) {
    return between(disk.average_seek, disk.full_stroke, distance - third, disk.capacity - third);
  }
  // The square root of distance ÷ third in units of 2^-31.
  constexpr int kBits = 31;
  const auto square = static_cast<unsigned __int128>(distance) << (2 * kBits);
  const auto root = boost::multiprecision::sqrt(static_cast<std::uint64_t>(square / third));
  return between(disk.track_to_track, disk.average_seek, root, sim::Bytes{1} << kBits);
}

sim::Duration positioning_time(const DiskParams& disk, sim::Bytes head, sim::Bytes target) {
  if (head == target) {
    return {};
  }
  const sim::Bytes distance = std::max(head, target) - std::min(head, target);
  const sim::Duration moved = seek_time(disk, distance) + rotation(disk) / 2;
  return target < head ? moved : std::min(moved, transfer_time(disk, {head, target}));
}

sim::Rate zone_rate(const DiskParams& disk, sim::Bytes position) {
  const sim::Bytes outer = disk.outer_rate.bytes_per_second();
  const sim::Bytes drop = outer - disk.inner_rate.bytes_per_second();
  const auto lost = static_cast<unsigned __int128>(drop) * position / disk.capacity;
  return sim::Rate(outer - static_cast<sim::Bytes>(lost));
}

sim::Duration transfer_time(const DiskParams& disk, sim::Extent range) {
  return zone_rate(disk, range.begin).time_for(range.size());
}

}  // namespace stripe
