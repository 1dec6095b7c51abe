// Replays a Darshan DXT trace: the reads and writes a real program made, rank by rank.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "scenarios/workload/dxt_log.h"
#include "scenarios/workload/workload.h"
#include "sim/status.h"

namespace scenarios {

enum class DxtTiming : std::uint8_t {
  as_recorded,          // no operation starts earlier after the first one than it did
  as_fast_as_possible,  // only order is kept: each rank's own, and reads behind what they read
};

enum class DxtMounts : std::uint8_t { all, lustre_only };

struct DxtOptions {
  DxtTiming timing = DxtTiming::as_recorded;
  DxtMounts mounts = DxtMounts::all;
  bool locks = false;  // clients have what they read written back by whoever holds it
};

// One phase, "replay". DXT does not record opens and closes: each rank opens a file before its
// first use of it and closes it after the last. MPI-IO rows are replayed only for files without
// POSIX rows, since MPI-IO calls POSIX and the same bytes are listed twice.
//
// A rank's operations run one after another by start time; equal times (the clock ticks in 100 us)
// go by the file's place in the dump, then writes before reads, then segment number. A file that is
// read before its bytes are written, or only read, is marked as pre-existing with the size that
// takes. A read waits until the other ranks that wrote its bytes before it have done so again;
// without locks its write is followed by an fsync if such a rank is on another node, because
// nothing else would have it written back. Nodes are the host names in order of appearance; a rank
// without rows is put on node 0.
sim::Result<std::unique_ptr<Workload>> dxt_workload(const DxtLog& log, const DxtOptions& options);

// The same from the dump's text; `name` stands in messages.
sim::Result<std::unique_ptr<Workload>> dxt_workload(std::string_view text, std::string_view name,
                                                    const DxtOptions& options);

}  // namespace scenarios
