// `stripelab layout`: shows layouts and answers questions about them.
#pragma once

#include <CLI/App.hpp>

#include "bench/streams.h"

namespace bench {

// Adds the subcommand. Its exit code is put into `exit_code`. Both references outlive the app.
void add_layout_command(CLI::App& app, const Streams& streams, int& exit_code);

}  // namespace bench
