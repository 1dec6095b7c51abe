// The stripelab command.
#include <CLI/CLI.hpp>

#include "bench/import_command.h"
#include "bench/layout_cli.h"
#include "bench/ldlm_cli.h"
#include "bench/list_command.h"
#include "bench/run_command.h"
#include "bench/version.h"

int main(int argc, char** argv) {
  CLI::App app{
      "How fast will this workload run on this striped file system, and where does the time go?"};
  app.name("stripelab");
  app.set_version_flag("--version", std::string(bench::kVersion));
  app.require_subcommand(1);
  app.footer(
      "Examples:\n"
      "  stripelab list                                     scenarios, hardware and formats\n"
      "  stripelab run ior_easy                             run one in virtual time\n"
      "  stripelab run first_light --world socket           the same client over real sockets\n"
      "  stripelab import \"ior -w -r -b 1g -t 4m -F\" > my.json\n"
      "  stripelab run my.json --set cluster.osts=16 --out json=result.json\n"
      "  stripelab layout show \"-c 8 -S 4M\"\n"
      "  echo REQ PW 0 1048575 1 | stripelab ldlm extent\n"
      "Exit codes: 0 done, 2 wrong usage or input, 3 the run itself failed.");
  int exit_code = 0;
  bench::add_run_command(app, exit_code);
  bench::add_layout_command(app, exit_code);
  bench::add_ldlm_command(app, exit_code);
  bench::add_import_command(app, exit_code);
  bench::add_list_command(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    return app.exit(success);
  } catch (const CLI::ParseError& error) {
    app.exit(error);
    return 2;
  }
  return exit_code;
}
