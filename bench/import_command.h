// `stripelab import`: makes a scenario file from an IOR command line or a DXT dump.
#pragma once

#include <CLI/App.hpp>

namespace bench {

// Adds the subcommand. Its exit code is put into `exit_code`, which must outlive the app.
void add_import_command(CLI::App& app, int& exit_code);

}  // namespace bench
