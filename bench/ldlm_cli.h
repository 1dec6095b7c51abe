// `stripelab ldlm`: answers questions about locks.
#pragma once

#include <CLI/App.hpp>

#include "bench/streams.h"

namespace bench {

// Adds the subcommand. `streams` and `exit_code`, which its exit code is put into, must outlive the
// app.
void add_ldlm_command(CLI::App& app, const Streams& streams, int& exit_code);

}  // namespace bench
