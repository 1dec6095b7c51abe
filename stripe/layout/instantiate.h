// From a template to a layout, in the two steps an MDT takes: the layout without objects when the
// file is created, and the objects of one component when something is first written there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/status.h"
#include "sim/units.h"
#include "stripe/layout/layout.h"
#include "stripe/layout/layout_template.h"
#include "stripe/layout/limits.h"

namespace stripe {

// What a file system puts where a template leaves the choice to it.
struct StripeDefaults {
  std::uint32_t stripe_count = kDefaultStripeCount;
  sim::Bytes stripe_size = kDefaultStripeSize;
  std::uint32_t ost_count = 1;  // OSTs to choose from; at least 1
};

// The layout `wanted` asks for, valid, with no component instantiated except data on the MDT.
// Counts are resolved: "all OSTs" to their number, and without overstriping never above it, as an
// MDT does with a count it cannot satisfy. A stripe size left to the default is cut to a power of
// two that divides the component's end. Mirrors are numbered from 1 and in sync.
sim::Result<Layout> make_layout(const LayoutTemplate& wanted, const StripeDefaults& defaults);

// The OSTs for component `place`: those its template names, else round robin from `next`. Refused
// when the template names an OST that is not among `ost_count`.
sim::Result<std::vector<std::uint32_t>> round_robin_osts(const LayoutTemplate& wanted,
                                                         const Layout& layout, std::size_t place,
                                                         std::uint32_t ost_count,
                                                         std::uint32_t next);

// Gives component `place` its objects, marks it instantiated and moves on the layout's generation.
// Refused when there are not as many objects as stripes, when an OST stands twice without
// overstriping, or when it has objects already.
sim::Status instantiate(Layout& layout, std::size_t place, std::vector<StripeObject> objects);

}  // namespace stripe
