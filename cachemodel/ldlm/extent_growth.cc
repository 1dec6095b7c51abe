#include "cachemodel/ldlm/extent_growth.h"

#include <algorithm>

#include "sim/status.h"

namespace cachemodel {
namespace {

// The largest power of two that divides both ends, at least a page. The end of the object is
// aligned to anything.
sim::Bytes alignment_of(sim::Extent extent) {
  const sim::Bytes ends = extent.begin | (extent.end == sim::kEof ? 0 : extent.end);
  const sim::Bytes lowest_bit = ends & (~ends + 1);
  return std::max(lowest_bit, kServerPage);
}

// `offset` rounded up, or `most` if that is less.
sim::Bytes align_up(sim::Bytes offset, sim::Bytes alignment, sim::Bytes most) {
  const sim::Bytes missing = (~offset + 1) & (alignment - 1);
  return missing > most - offset ? most : offset + missing;
}

}  // namespace

ExtentGrowth::ExtentGrowth(const ExtentRequest& request) : request_(request) {
  sim::check(!request.extent.empty(), "a lock on no bytes cannot grow");
}

bool ExtentGrowth::whole_object() const { return grown_ == sim::Extent{0, sim::kEof}; }

void ExtentGrowth::limit_by_granted(const GrantedExtents& granted) {
  const ModeSet incompatible = incompatible_modes(request_.mode);
  const std::size_t conflicts = granted.count(incompatible);
  if (conflicts > 0) {
    grown_.begin = request_.extent.begin;
    grown_.end = granted.first_begin_from(incompatible, request_.extent.end);
  }
  bound_and_align(conflicts);
}

void ExtentGrowth::limit_by_waiting(const WaitingExtent& waiting) {
  // A client's own locks are kept apart too: overlapping ones are slow to cancel.
  if (compatible(waiting.mode, request_.mode) && waiting.client != request_.client) {
    return;
  }
  if (++waiting_conflicts_ > kFewWaiting) {
    grown_.begin = request_.extent.begin;
  }
  const sim::Extent& asked = request_.extent;
  // If both want the same bytes, these will be handed to and fro whatever is granted now.
  if (!waiting.extent.overlaps(grown_) || waiting.requested.overlaps(asked)) {
    return;
  }
  if (waiting.extent.begin < asked.begin) {
    grown_.begin = std::max(grown_.begin, std::min(waiting.extent.end, asked.begin));
  }
  if (waiting.extent.end > asked.end) {
    const bool begins_inside = waiting.extent.begin < asked.end;
    const sim::Bytes limit = begins_inside ? waiting.requested.begin : waiting.extent.begin;
    grown_.end = std::min(grown_.end, std::max(limit, asked.end));
  }
}

void ExtentGrowth::bound_and_align(std::size_t conflicts) {
  const sim::Extent& asked = request_.extent;
  const bool writes = request_.mode == LockMode::pw || request_.mode == LockMode::cw;
  if (conflicts > kManyConflicts && writes && asked.size() < kMaxGrown) {
    grown_.end = asked.begin + std::min(kMaxGrown, grown_.end - asked.begin);
  }
  if (whole_object()) {
    return;
  }
  const sim::Bytes alignment = alignment_of(asked);
  grown_.begin = align_up(grown_.begin, alignment, asked.begin);
  if (grown_.end != sim::kEof) {
    grown_.end = std::max(grown_.end & ~(alignment - 1), asked.end);
  }
}

sim::Extent ExtentGrowth::finish() {
  bound_and_align(waiting_conflicts_);
  return grown_;
}

sim::Extent grow_extent(const ExtentRequest& request, const GrantedExtents& granted,
                        std::span<const WaitingExtent> waiting) {
  ExtentGrowth growth(request);
  growth.limit_by_granted(granted);
  for (const WaitingExtent& w : waiting) {
    growth.limit_by_waiting(w);
  }
  return growth.finish();
}

}  // namespace cachemodel
