// A group's workload, from whichever of the inputs the scenario names.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "scenarios/spec.h"
#include "scenarios/workload/workload.h"
#include "sim/status.h"

namespace scenarios {

struct LoadedWorkload {
  std::unique_ptr<Workload> workload;
  // A hash of the file it was read from; none when the scenario itself holds it all.
  std::optional<std::uint64_t> input;
};

// That of scenario.clients[group], read and checked; from files of at most 1 GiB.
sim::Result<LoadedWorkload> load_workload(const Scenario& scenario, std::size_t group);

}  // namespace scenarios
