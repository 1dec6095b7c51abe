// The stripelab command, from its arguments to its exit code.
#pragma once

#include <string>
#include <vector>

#include "bench/streams.h"

namespace bench {

// Does what `arguments` (those behind the program's name) say. Returns the exit code: 0 done, 1
// a threshold failed, 2 wrong usage or input, 3 the run itself failed. What is wrong stands on
// `streams.err`.
int run_command_line(std::vector<std::string> arguments, const Streams& streams);

}  // namespace bench
