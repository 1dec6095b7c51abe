#include "bench/run_command.h"

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bench/host_facts.h"
#include "bench/outputs.h"
#include "bench/paths.h"
#include "bench/progress.h"
#include "bench/version.h"
#include "scenarios/run/check_workloads.h"
#include "scenarios/run/run.h"
#include "scenarios/spec_printer.h"
#include "scenarios/spec_reader.h"

namespace bench {
namespace {

struct Options {
  std::string scenario;
  std::vector<std::string> sets;
  std::vector<std::string> outs;
  std::string world;
  std::string seed;
  bool print_config = false;
  bool quiet = false;
};

// A library name stays; a path is taken as the user means it.
std::string scenario_place(const std::string& given) {
  const bool path = given.find('/') != std::string::npos || given.ends_with(".json");
  return path ? user_path(given) : given;
}

sim::Result<scenarios::Scenario> load(const Options& options) {
  std::vector<std::string> sets = options.sets;
  if (!options.seed.empty()) {
    sets.push_back("seed=" + options.seed);
  }
  if (!options.world.empty()) {
    sets.push_back("world=" + options.world);
  }
  return scenarios::load_scenario(
      scenario_place(options.scenario),
      {.sets = sets, .sets_directory = user_directory(), .check = scenarios::check_workloads});
}

sim::Result<reports::Result> run_and_watch(const scenarios::Scenario& scenario, bool quiet) {
  const auto date = std::chrono::system_clock::now();
  const auto began = std::chrono::steady_clock::now();
  sim::Result<reports::Result> result = sim::Error{};
  {
    ProgressLine line(!quiet);
    scenarios::RunHooks hooks;
    hooks.progress = [&line](const scenarios::RunProgress& p) { line.show(p); };
    result = scenarios::run_scenario(scenario, hooks);
  }
  if (result.ok()) {
    result->context.version = kVersion;
    result->host = host_facts(date, std::chrono::steady_clock::now() - began);
  }
  return result;
}

int run(const Options& options, const Streams& streams) {
  const auto complain = [&streams](int code, std::string_view message) {
    streams.err << fmt::format("stripelab: {}\n", message);
    return code;
  };
  const auto outputs = parse_outputs(options.outs);
  if (!outputs.ok()) {
    return complain(kBadInput, outputs.error().message);
  }
  const auto scenario = load(options);
  if (!scenario.ok()) {
    return complain(kBadInput, scenario.error().message);
  }
  if (options.print_config) {
    streams.out << scenarios::print_config(*scenario);
    return kDone;
  }
  if (const sim::Status writable = check_outputs(*outputs); !writable.ok()) {
    return complain(kBadInput, writable.error().message);
  }
  const auto result = run_and_watch(*scenario, options.quiet);
  if (!result.ok()) {
    return complain(kRunFailed, result.error().message);
  }
  const sim::Status written = write_outputs(*result, *outputs, streams.out);
  if (!written.ok()) {
    return complain(kRunFailed, written.error().message);
  }
  return result->errors.empty() ? kDone : kRunFailed;
}

}  // namespace

void add_run_command(CLI::App& app, const Streams& streams, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("run", "Run a scenario and write its result");
  command->add_option("scenario", options->scenario, "A library name (see list) or a FILE.json")
      ->required();
  command
      ->add_option("--set", options->sets,
                   "PATH=VALUE changes the scenario; VALUE is JSON or a word")
      ->allow_extra_args(false);
  command->add_option("--seed", options->seed, "Seed of all randomness, a whole number");
  command
      ->add_option("--world", options->world, "sim (virtual time) or socket (real TCP on loopback)")
      ->check(CLI::IsMember({"sim", "socket"}));
  command
      ->add_option("--out", options->outs, "FORMAT=PATH, repeatable; - is stdout (default text=-)")
      ->allow_extra_args(false);
  command->add_flag("--print-config", options->print_config,
                    "Print the effective scenario and stop");
  command->add_flag("-q,--quiet", options->quiet, "No progress on stderr");
  command->footer(
      "Examples:\n"
      "  stripelab run ior_easy\n"
      "  stripelab run ior_easy --set cluster.osts=16 --set clients[0].count=8\n"
      "  stripelab run first_light --world socket\n"
      "  stripelab run my.json --seed 7 --out text=- --out json=result.json");
  command->callback([options, &streams, &exit_code] { exit_code = run(*options, streams); });
}

}  // namespace bench
