// Makes a scenario file out of what a user already has, as a first draft to edit.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "scenarios/workload/dxt.h"
#include "scenarios/workload/ior.h"
#include "sim/status.h"

namespace scenarios {

// The cluster to run on: no input says anything of its machines.
struct ImportOptions {
  std::string name = "imported";
  std::string hardware = "nvme_2023";  // a hardware file's name in the library, or its path
  std::uint32_t osts = 8;
  std::uint32_t oss = 4;
};

// Whether `text` is meant to be such a dump, whole or not: the first line is darshan's, or some
// line begins a record.
bool is_dxt_dump(std::string_view text);

// A scenario (JSON text) that runs this IOR command line or script, kept verbatim, with one client
// group of as many nodes as the line's launcher or `context` says. Refuses what cannot be run.
sim::Result<std::string> import_ior(std::string_view text, const IorContext& context,
                                    const ImportOptions& options);

// A scenario that replays the dump at `path`, whose contents are `text`. Its nodes are the dump's
// hosts. There are at least as many OSTs as the widest traced layout; the traced layouts themselves
// come with the workload.
sim::Result<std::string> import_dxt(std::string_view text, std::string_view path,
                                    const DxtOptions& dxt, const ImportOptions& options);

}  // namespace scenarios
