// The fields of a scenario's sweep, as spec_fields.h.
#pragma once

#include "scenarios/spec_sweep.h"

namespace scenarios {

template <class V>
void fields(V& v, SweepSpec& s) {
  v.vary("vary", s.axes,
         "What to vary: a path, as --set takes it, to a list of values or of {label, set} cases.");
  v.thresholds("thresholds", s.thresholds,
               "What must hold: a metric, ratio or difference to a bound such as \">= 1.5\".");
}

}  // namespace scenarios
