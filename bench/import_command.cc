#include "bench/import_command.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>

#include "bench/paths.h"
#include "scenarios/workload/import.h"

namespace bench {
namespace {

struct Options {
  std::string input;
  std::uint32_t tasks = 0;
  std::uint32_t tasks_per_node = 0;
  std::string timing = "as_recorded";
  scenarios::ImportOptions import;
};

sim::Result<std::string> import(const Options& options) {
  scenarios::IorContext context;
  context.tasks = options.tasks;
  context.tasks_per_node = options.tasks_per_node;
  const std::string path = user_path(options.input);
  if (!std::filesystem::is_regular_file(path)) {
    return scenarios::import_ior(options.input, context, options.import);
  }
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (text.view().find("DXT") != std::string_view::npos) {
    scenarios::DxtOptions dxt;
    dxt.timing = options.timing == "as_recorded" ? scenarios::DxtTiming::as_recorded
                                                 : scenarios::DxtTiming::as_fast_as_possible;
    return scenarios::import_dxt(text.view(), std::filesystem::absolute(path).string(), dxt,
                                 options.import);
  }
  return scenarios::import_ior(text.view(), context, options.import);
}

}  // namespace

void add_import_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("import", "Make a scenario file from an IOR command or a DXT dump");
  command
      ->add_option("input", options->input,
                   "An IOR command line, an IOR script, or a DXT text dump")
      ->required();
  command->add_option("--tasks", options->tasks, "Ranks of the IOR run, unless its line says so");
  command->add_option("--tasks-per-node", options->tasks_per_node, "Ranks on each node");
  command
      ->add_option("--timing", options->timing, "Of a DXT dump: as_recorded or as_fast_as_possible")
      ->check(CLI::IsMember({"as_recorded", "as_fast_as_possible"}));
  command->add_option("--name", options->import.name, "Name of the scenario");
  command->add_option("--osts", options->import.osts, "OSTs of the cluster");
  command->add_option("--oss", options->import.oss, "Object storage servers of the cluster");
  command->footer(
      "Examples:\n"
      "  stripelab import \"mpirun -n 16 ior -w -r -C -e -b 256m -t 1m -F\" > mine.json\n"
      "  stripelab import job.dxt.txt --timing as_fast_as_possible > replay.json\n"
      "  stripelab run mine.json");
  command->callback([options, &exit_code] {
    const auto text = import(*options);
    if (!text.ok()) {
      fmt::print(stderr, "stripelab: {}\n", text.error().message);
      exit_code = 2;
      return;
    }
    std::cout << *text;
  });
}

}  // namespace bench
