#include "scenarios/cluster/notes.h"

namespace scenarios {

std::vector<std::string> world_notes(const Scenario& scenario) {
  if (scenario.world == World::sim) {
    return {};
  }
  return {
      "machines are real in the socket world: nic_rate, cores, cpu_per_message, copy_rate, "
      "page_rate "
      "and checksum_rate of client, oss.node and mds.node play no part",
      "handling is charged as the clock says in the socket world: oss.cpu_per_io, cpu_per_lock and "
      "cpu_per_object, mds.cpu_per_lookup, cpu_per_modify, cpu_per_close and cpu_per_io play no "
      "part",
      "the network is the loopback interface in the socket world: fabric.latency and "
      "fabric.topology play no part",
      "devices are modelled in the socket world too: its bytes are in memory, and wait as the "
      "hardware's devices would have them wait",
  };
}

}  // namespace scenarios
