// What a component of an `lfs setstripe` string takes over from the one before it. Reading and
// writing the string must agree on it.
#pragma once

#include <cstdint>
#include <string>

#include "sim/units.h"
#include "stripe/layout/layout_template.h"

namespace stripe {

struct Inherited {
  sim::Bytes stripe_size = 0;
  std::int32_t stripe_count = 0;
  std::string pool;

  // A component that says nothing.
  ComponentTemplate fresh() const {
    ComponentTemplate c;
    c.stripe_size = stripe_size;
    c.stripe_count = stripe_count;
    c.pool = pool;
    return c;
  }

  // Moves on behind `c`. Data on the MDT has no stripes to hand on, a list of OSTs no count, and
  // "K stripes on every OST" is "all OSTs" to a component that is not overstriped.
  void pass(const ComponentTemplate& c) {
    pool = c.pool;
    if (c.on_mdt) {
      return;
    }
    stripe_size = c.stripe_size;
    if (c.osts.empty()) {
      stripe_count = c.stripe_count < 0 ? -1 : c.stripe_count;
    }
  }
};

}  // namespace stripe
