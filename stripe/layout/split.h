// Splitting: from extents of a file to requests per OST object (or per share of an OST's node),
// coalesced and cut to the RPC size.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "sim/status.h"
#include "sim/units.h"
#include "stripe/layout/coalesce.h"
#include "stripe/layout/layout.h"
#include "stripe/layout/split_plan.h"

namespace stripe {

enum class IoKind : std::uint8_t { read, write };

// What requests count offsets in, and so what can be contiguous. Under `object` a request is for
// one object. Under `file`, for I/O redirected to a share of the OST's node, it is for all stripes
// behind one target, and holes are the stripes of the others.
enum class AddressSpace : std::uint8_t { object, file };

// Pieces one split may give; what asks for more is refused.
inline constexpr std::size_t kMaxPieces = std::size_t{1} << 20;

struct SplitOptions {
  IoKind kind = IoKind::read;
  AddressSpace space = AddressSpace::object;
  Coalesce coalesce = Coalesce::adjacent;
  CoalesceLimits limits;
  sim::Bytes max_rpc = 4 * sim::kMiB;  // largest payload of a request (Lustre 2.17: 4 MiB)
  // Requests end on multiples of max_rpc in their address space, as the pages a Lustre client
  // collects for one RPC do. Not for `vector`.
  bool align_rpcs = false;
  std::size_t mirror = 0;
  // The target behind each OST index; empty when an OST is its own target. Not owned.
  std::span<const std::uint32_t> target_of_ost;
};

// Fills `plan` with the requests that transfer `extents` of a file with `layout`, which must be
// valid. Extents are in ascending order, do not overlap and end below EOF; empty ones are skipped.
// Every byte ends up in exactly one piece or in `plan.missing`. Chunks that follow each other in
// one object, as those of successive rows do, count as adjacent. Refused: extents out of order,
// read_through for a write, too many pieces, an OST without a target. Allocates only while `plan`
// is smaller than its largest use.
sim::Status split(const Layout& layout, std::span<const sim::Extent> extents,
                  const SplitOptions& options, SplitPlan& plan);

}  // namespace stripe
