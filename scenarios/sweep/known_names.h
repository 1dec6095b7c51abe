// Which metrics a scenario can measure, known before it runs.
#pragma once

#include "scenarios/spec.h"
#include "scenarios/sweep/metric.h"

namespace scenarios {

// Names of its phases and groups, of operations, RPCs and stages. `scenario` has been checked.
KnownNames names_known(const Scenario& scenario);

}  // namespace scenarios
