// Which reads of a trace wait for which writes of other ranks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "scenarios/workload/dxt_log.h"

namespace scenarios {

// A row of a trace with where it belongs.
struct DxtAccess {
  std::uint32_t rank = 0;
  std::uint32_t file = 0;
  DxtSegment segment;
};

// Accesses are named by their place in the list that was ordered. Whoever waits for an event goes
// on when it has happened; events are numbered from 0.
struct DxtOrder {
  std::map<std::size_t, std::uint32_t> event_after;           // of a write
  std::map<std::size_t, std::vector<std::uint32_t>> awaited;  // before a read
  // Writes that a rank on another node reads.
  std::vector<bool> read_elsewhere;
};

// A read waits for the write of each of its bytes that was the last to start before it, where that
// was another rank's. `accesses` are in order of rank, and of each rank's doing. Nobody waits in a
// circle: waiting goes back in the trace's time, writes before reads.
DxtOrder order_dxt(std::span<const DxtAccess> accesses,
                   std::span<const std::uint32_t> node_of_rank);

// What to tell of it: a sentence each. `locks`: as in DxtOptions.
std::vector<std::string> order_notes(const DxtOrder& order, bool locks);

}  // namespace scenarios
