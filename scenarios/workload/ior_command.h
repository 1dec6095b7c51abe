// An IOR command line as people paste it, behind a launcher or not. Words only; what the options
// mean is ior_options.h.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/status.h"

namespace scenarios {

struct IorCommand {
  std::vector<std::string> arguments;  // after the `ior` word
  std::uint32_t tasks = 0;             // from mpirun -n and the like; 0 when the line does not say
  std::uint32_t tasks_per_node = 0;    // from --ntasks-per-node and the like; 0 when it does not
};

// Accepts the options alone, or after `ior` / `./IOR` / a path to it, or after a launcher (mpirun,
// mpiexec, srun, aprun, jsrun, ibrun) whose task counts are read, or after NAME=value settings.
sim::Result<IorCommand> parse_ior_command(std::string_view line);

}  // namespace scenarios
