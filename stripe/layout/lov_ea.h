// The layout of a file as bytes, as in the extended attribute trusted.lov and in replies of an MDT:
// lov_mds_md v1, v3 and composite.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "sim/status.h"
#include "stripe/layout/layout.h"

namespace stripe {

// Reads a layout. The bytes are not trusted: anything that is not a layout Lustre would store is
// refused (Errc::protocol, or not_supported for a known kind that is not handled, such as a foreign
// layout), with the place and what would be right. What is accepted passes validate(). A plain
// layout counts as instantiated when it has objects or is released.
sim::Result<Layout> decode_lov_ea(std::span<const std::byte> bytes);

// The canonical bytes of a layout: blobs behind the entry table in order of components, without
// gaps, padding zero. decode_lov_ea gives the same layout back. Refused when `layout` is not valid.
sim::Result<std::vector<std::byte>> encode_lov_ea(const Layout& layout);

}  // namespace stripe
