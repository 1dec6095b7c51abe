// Thresholds: understood before the runs, judged after them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "reports/sweep.h"
#include "scenarios/faults.h"
#include "scenarios/sweep/bound.h"
#include "scenarios/sweep/expression.h"
#include "scenarios/sweep/variants.h"

namespace scenarios {

// A threshold that can be judged.
struct Threshold {
  ThresholdSpec spec;
  Expression expression;
  Bound bound;
  reports::Unit unit = reports::Unit::none;
  // The variants whose metrics are compared, by index: each on its own, or the first's with the
  // second's.
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
};

// The thresholds of a sweep, in order. What is wrong with one is added to `faults`: a text that is
// not understood, a label or a metric that there is not, with the nearest that there is, and units
// that do not fit.
std::vector<Threshold> understand_thresholds(const Sweep& sweep, Faults& faults);

// Judges them on `variants`, which are the sweep's in its order. What a variant did not measure
// does not hold, and neither does a ratio to 0.
std::vector<reports::ThresholdResult> judge(const std::vector<Threshold>& thresholds,
                                            const std::vector<reports::VariantResult>& variants);

}  // namespace scenarios
