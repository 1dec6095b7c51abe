// Sizes of a whole file from the sizes of its objects, and back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/status.h"
#include "sim/units.h"
#include "stripe/layout/layout.h"

namespace stripe {

// The size of one object of a file. Data on the MDT counts as stripe 0 of its component.
struct ObjectSize {
  std::uint32_t component = 0;  // place in Layout::components
  std::uint32_t stripe = 0;
  sim::Bytes size = 0;
  bool operator==(const ObjectSize&) const = default;
};

// The size of stripe `stripe` of `component` when the file, written whole, ends at `file_size`: 0
// when the component begins at or behind it. Objects of a later component have a hole in front,
// since striping counts from the beginning of the file. The component needs a stripe size and
// count.
sim::Bytes object_size(const Component& component, std::uint32_t stripe, sim::Bytes file_size);

// The sizes of all instantiated objects of mirror `mirror`, in order of component and stripe, in
// `out`, whose memory is reused.
void object_sizes(const Layout& layout, std::size_t mirror, sim::Bytes file_size,
                  std::vector<ObjectSize>& out);

// The file size that `sizes` (of one mirror's objects, missing ones being empty) amount to. Refused
// when an entry names a component or stripe that is not there, or ends past 2^64-1.
sim::Result<sim::Bytes> file_size(const Layout& layout, std::span<const ObjectSize> sizes);

}  // namespace stripe
