// `stripelab import`: makes a scenario file from an IOR command line or a DXT dump.
#pragma once

#include <CLI/App.hpp>

#include "bench/streams.h"

namespace bench {

// Adds the subcommand. Its exit code is put into `exit_code`. Both references outlive the app.
void add_import_command(CLI::App& app, const Streams& streams, int& exit_code);

}  // namespace bench
