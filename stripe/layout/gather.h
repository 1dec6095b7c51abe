// The way back from a split: bytes between the payloads of sub-requests and the caller's buffer,
// and what a partly failed fan-out amounts to.
#pragma once

#include <cstddef>
#include <span>

#include "sim/units.h"
#include "stripe/layout/split_plan.h"

namespace stripe {

// Copies what `request` read to its places in `file`, which holds the file from `file_begin` on and
// must cover all pieces. A payload shorter than the request, from an object that ends early, reads
// as zeros behind its end; what was over-fetched is dropped.
void gather(const SplitPlan& plan, const SubRequest& request, std::span<const std::byte> payload,
            sim::Bytes file_begin, std::span<std::byte> file);

// Fills the parts of `file` that no object serves with zeros.
void gather_missing(const SplitPlan& plan, sim::Bytes file_begin, std::span<std::byte> file);

// Copies the bytes `request` writes from `file` into `payload`, which is request.payload long.
void scatter(const SplitPlan& plan, const SubRequest& request, sim::Bytes file_begin,
             std::span<const std::byte> file, std::span<std::byte> payload);

// How many bytes of the asked extents stand before the first one that failed, in file order.
// `transferred` holds the payload bytes that each request moved, in order of plan.requests. Missing
// ranges count as done, since they read as zeros; a write must not be sent while there are any.
sim::Bytes bytes_before_failure(const SplitPlan& plan, std::span<const sim::Bytes> transferred);

}  // namespace stripe
