// Several clients on the same files, as workloads: who reads and writes what, and who waits for
// whom.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "scenarios/spec.h"
#include "scenarios/workload/workload.h"
#include "sim/status.h"

namespace scenarios {

// The sharing workload of clients[group], which must have one. The other groups of its set are
// found by name; the first group of a set makes the files. The workload has one phase, named after
// the pattern, and leaves its files behind. An error if the parameters do not fit each other, do
// not act in the pattern, or differ in the set where they must not.
sim::Result<std::unique_ptr<Workload>> sharing_workload(std::span<const ClientGroup> clients,
                                                        std::size_t group, std::uint64_t seed);

}  // namespace scenarios
