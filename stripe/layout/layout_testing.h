// Layouts for tests: valid ones in one line, so that a test shows only what it is about.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "stripe/layout/layout.h"

namespace stripe {

// An instantiated RAID-0 component over `extent` whose stripes live on OSTs first_ost, first_ost +
// 1, ...; object ids are (component id, stripe + 1).
inline Component striped_component(sim::Extent extent, std::uint32_t stripe_size,
                                   std::uint16_t stripe_count, std::uint32_t id = 0,
                                   std::uint32_t first_ost = 0) {
  Component c;
  c.id = id;
  c.flags = kComponentInit;
  c.extent = extent;
  c.stripe_size = stripe_size;
  c.stripe_count = stripe_count;
  for (std::uint32_t i = 0; i < stripe_count; ++i) {
    c.objects.push_back({{id, i + 1}, 0, first_ost + i});
  }
  return c;
}

// A plain layout on OSTs 0 .. stripe_count-1.
inline Layout plain_layout(std::uint32_t stripe_size, std::uint16_t stripe_count) {
  Layout layout;
  layout.components.push_back(striped_component({0, sim::kEof}, stripe_size, stripe_count));
  return layout;
}

// A component whose data is on the MDT.
inline Component dom_component(std::uint32_t size, std::uint32_t id) {
  Component c;
  c.id = id;
  c.flags = kComponentInit;
  c.pattern = kPatternMdt;
  c.extent = {0, size};
  c.stripe_size = size;
  return c;
}

// The same component before its first write: no objects.
inline Component uninstantiated(Component c) {
  c.flags &= ~kComponentInit;
  c.objects.clear();
  return c;
}

inline Layout composite_layout(std::vector<Component> components) {
  Layout layout;
  layout.format = LayoutFormat::composite;
  layout.components = std::move(components);
  return layout;
}

}  // namespace stripe
