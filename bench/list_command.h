// `stripelab list`: what there is to run, to run it on, and to write it as.
#pragma once

#include <CLI/App.hpp>

#include "bench/streams.h"

namespace bench {

// Adds the subcommand. Its exit code is put into `exit_code`. Both references outlive the app.
void add_list_command(CLI::App& app, const Streams& streams, int& exit_code);

}  // namespace bench
