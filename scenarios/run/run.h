// Runs a scenario.
#pragma once

#include <functional>
#include <optional>

#include "reports/result.h"
#include "scenarios/spec.h"
#include "sim/status.h"

namespace scenarios {

// How far a run has come; operations, not time.
struct RunProgress {
  std::uint64_t operations_done = 0;
  // As the workload plans them; nothing when it decides during the run how many there are.
  std::optional<std::uint64_t> operations_total;
  sim::TimePoint now;  // of the loop
};

struct RunHooks {
  // Called now and then; may be empty.
  std::function<void(const RunProgress&)> progress;
};

// The record has everything but the host's facts and the version. An error means that the scenario
// cannot run or did not end; operations that failed inside it are in the record.
sim::Result<reports::Result> run_scenario(const Scenario& scenario, const RunHooks& hooks = {});

}  // namespace scenarios
