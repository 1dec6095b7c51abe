// IOR, the parallel file-system benchmark, as a workload: a command line or a script, verbatim.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "scenarios/workload/ior_options.h"
#include "scenarios/workload/workload.h"
#include "sim/status.h"

namespace scenarios {

// What the input leaves open.
struct IorContext {
  std::uint32_t tasks = 0;           // 0: as the line's launcher or -N says, else 1
  std::uint32_t tasks_per_node = 0;  // 0: as the launcher says, else all on one node
  bool cyclic = false;               // ranks are dealt to nodes in turn, not in blocks
  std::uint64_t seed = 1;            // for what the options leave to chance
};

// An input understood and checked, not yet laid out.
struct IorJob {
  std::vector<IorOptions> tests;
  std::uint32_t tasks = 1;  // as MPI would report; a test's -N may use fewer
  std::uint32_t tasks_per_node = 1;
  std::vector<std::string> notes;
};

// Reads a command line or, if a line says IOR START, a script.
sim::Result<IorJob> parse_ior(std::string_view text, const IorContext& context);

// The same made runnable. A test's phases are, for each repetition, "write", "write_check", "read"
// and "remove", as far as the options ask for them, in IOR's order and with IOR's barriers.
sim::Result<std::unique_ptr<Workload>> ior_workload(std::string_view text,
                                                    const IorContext& context);
sim::Result<std::unique_ptr<Workload>> ior_workload(const IorJob& job, const IorContext& context);

}  // namespace scenarios
