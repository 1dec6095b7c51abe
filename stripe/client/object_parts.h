// Which parts of a file lie in a part of one of its objects.
#pragma once

#include <algorithm>

#include "stripe/layout/layout.h"

namespace stripe {

// Calls `visit(sim::Extent)` for every part of `within` (a range of the file) that stripe `stripe`
// of `component` keeps in `object` (a range of its object), in ascending order. As many calls as
// stripe chunks.
template <typename Visit>
void for_each_part(const Component& component, std::uint32_t stripe, sim::Extent object,
                   sim::Extent within, Visit visit) {
  const Raid0 geometry = component.geometry();
  const sim::Extent range = within.intersect(component.extent);
  const auto touched = range.empty() ? std::nullopt : geometry.intersects(stripe, range);
  if (!touched) {
    return;
  }
  const sim::Bytes last = touched->last == sim::kEof ? sim::kEof : touched->last + 1;
  const sim::Extent wanted = object.intersect({touched->first, last});
  for (sim::Bytes at = wanted.begin; at < wanted.end;) {
    const sim::Bytes chunk_end = (at / geometry.stripe_size + 1) * geometry.stripe_size;
    const sim::Bytes end = std::min(chunk_end, wanted.end);
    const auto begin = geometry.unmap(stripe, at);
    if (!begin.ok()) {
      return;
    }
    visit(sim::Extent{*begin, *begin + (end - at)});
    at = end;
  }
}

}  // namespace stripe
