// `stripelab list`: what there is to run, to run it on, and to write it as.
#pragma once

#include <CLI/App.hpp>

namespace bench {

// Adds the subcommand. Its exit code is put into `exit_code`, which must outlive the app.
void add_list_command(CLI::App& app, int& exit_code);

}  // namespace bench
