// `stripelab ldlm`: answers questions about locks.
#pragma once

#include <CLI/App.hpp>

namespace bench {

// Adds the subcommand. Its exit code is put into `exit_code`, which must outlive the app.
void add_ldlm_command(CLI::App& app, int& exit_code);

}  // namespace bench
