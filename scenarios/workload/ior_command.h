// An IOR command line as people paste it: launcher, quoting, comment. Words only; what the options
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

// Splits `line` as a POSIX shell would: blanks, 'single' and "double" quotes, backslashes, a `#`
// comment, a backslash before a line's end. Refused by name, because only the shell that ran the
// line knows the answer: $((arithmetic)), $(commands), `commands`, pipes, redirections and
// chains. A $VARIABLE stays as written: it can only matter inside a file name.
sim::Result<std::vector<std::string>> split_shell_words(std::string_view line);

// Accepts the options alone, or after `ior` / `./IOR` / a path to it, or after a launcher (mpirun,
// mpiexec, srun, aprun, jsrun, ibrun) whose task counts are read, or after NAME=value settings.
sim::Result<IorCommand> parse_ior_command(std::string_view line);

}  // namespace scenarios
