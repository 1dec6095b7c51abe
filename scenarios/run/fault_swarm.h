// Small scenarios of clients that share files while servers restart and clients fall silent, drawn
// from a seed: for what must hold whatever goes wrong.
#pragma once

#include <cstdint>
#include <string>

#include "sim/units.h"

namespace scenarios {

struct FaultScenario {
  std::string text;  // a scenario file, judged against `stale_for`
  // A client notices that it was evicted, once its servers hear it again, after a ping interval and
  // an RPC time-out at the latest, or at its next try to connect. No read is stale for longer than
  // that and what keeps it from its servers.
  sim::Duration stale_for;
};
FaultScenario fault_swarm_scenario(std::uint64_t seed);

}  // namespace scenarios
