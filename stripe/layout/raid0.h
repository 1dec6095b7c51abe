// RAID-0 arithmetic between file offsets and object offsets, as a LOV does it: chunks of
// `stripe_size` bytes go round `stripe_count` objects. The unit is whatever the caller counts in;
// nothing here knows Lustre's limits. Offsets are absolute file offsets, in every component.
#pragma once

#include <cstdint>
#include <optional>

#include "sim/status.h"
#include "sim/units.h"

namespace stripe {

// Where a file offset lives: which stripe, and where in that stripe's object.
struct StripePosition {
  std::uint32_t index = 0;
  sim::Bytes object_offset = 0;
  bool operator==(const StripePosition&) const = default;
};

// A closed range of object offsets, as extent locks write it: `last` is included, and is sim::kEof
// when the range has no end.
struct ObjectRange {
  sim::Bytes first = 0;
  sim::Bytes last = 0;
  bool operator==(const ObjectRange&) const = default;
};

// The geometry of one component. Both members must be at least 1. A stripe index handed to a
// function must be below `stripe_count` (a broken one is a broken invariant).
struct Raid0 {
  sim::Bytes stripe_size = 1;
  std::uint32_t stripe_count = 1;

  // One full row of chunks.
  sim::Bytes width() const { return stripe_size * stripe_count; }

  // The stripe and object offset of a file offset. EOF has an index like any offset, and maps to
  // EOF in the object.
  StripePosition map(sim::Bytes file_offset) const {
    const sim::Bytes in_row = file_offset % width();
    return {static_cast<std::uint32_t>(in_row / stripe_size),
            file_offset == sim::kEof ? sim::kEof
                                     : file_offset / width() * stripe_size + in_row % stripe_size};
  }

  // The inverse of map. EOF maps to EOF; an offset whose file offset is not below EOF is refused.
  sim::Result<sim::Bytes> unmap(std::uint32_t index, sim::Bytes object_offset) const;

  // The smallest file size under which the object of stripe `index` is `object_size` bytes long. A
  // file's size is the largest over its objects. Refused when it would pass 2^64-1.
  sim::Result<sim::Bytes> object_size_to_file_size(std::uint32_t index,
                                                   sim::Bytes object_size) const;

  // The size of the object of stripe `index` when the file, written whole, ends at `file_size`.
  // EOF gives EOF.
  sim::Bytes file_size_to_object_size(std::uint32_t index, sim::Bytes file_size) const;

  // The bytes of the object of stripe `index` inside the file range [begin, end), or nothing.
  std::optional<ObjectRange> intersects(std::uint32_t index, sim::Extent range) const;
};

}  // namespace stripe
