#include "bench/run_command.h"

#include <fmt/core.h>

#include <algorithm>
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
#include "scenarios/sweep/run_variants.h"
#include "scenarios/sweep/thresholds.h"
#include "scenarios/sweep/variants.h"

namespace bench {
namespace {

struct Options {
  std::string scenario;
  std::vector<std::string> sets;
  std::vector<std::string> outs;
  std::string world;
  std::string seed;
  std::size_t jobs = 1;
  bool full = false;
  bool print_config = false;
  bool quiet = false;
};

int complain(const Streams& streams, int code, std::string_view message) {
  streams.err << fmt::format("stripelab: {}\n", message);
  return code;
}

// A library name stays; a path is taken as the user means it.
std::string scenario_place(const std::string& given) {
  const bool path = given.find('/') != std::string::npos || given.ends_with(".json");
  return path ? user_path(given) : given;
}

sim::Result<scenarios::Sweep> load(const Options& options) {
  std::vector<std::string> sets = options.sets;
  if (!options.seed.empty()) {
    sets.push_back("seed=" + options.seed);
  }
  if (!options.world.empty()) {
    sets.push_back("world=" + options.world);
  }
  return scenarios::load_sweep(
      scenario_place(options.scenario),
      {.sets = sets, .sets_directory = user_directory(), .check = scenarios::check_workloads});
}

// One run with what only its host knows of it.
sim::Result<reports::Result> run_here(const scenarios::Scenario& scenario,
                                      const scenarios::RunHooks& hooks) {
  const auto date = std::chrono::system_clock::now();
  const auto began = std::chrono::steady_clock::now();
  auto result = scenarios::run_scenario(scenario, hooks);
  if (result.ok()) {
    result->context.version = kVersion;
    result->host = host_facts(date, std::chrono::steady_clock::now() - began);
  }
  return result;
}

// What stands for the result of a variant that did not run to its end.
reports::Result failed_run(const scenarios::Scenario& scenario, std::string error) {
  reports::Result result;
  result.context.version = kVersion;
  result.context.scenario = scenario.name;
  result.context.scenario_hash = scenarios::scenario_hash(scenario);
  result.context.hardware = scenario.cluster.hardware.name;
  result.context.seed = scenario.seed;
  result.context.world = scenario.world == scenarios::World::sim ? "sim" : "socket";
  result.errors = {std::move(error)};
  return result;
}

// An error only of a run on its own: beside others a failed one is part of what was found.
sim::Result<reports::SweepResult> run_and_watch(const scenarios::Sweep& sweep,
                                                const Options& options) {
  reports::SweepResult all;
  all.version = kVersion;
  all.scenario = sweep.variants.front().scenario.name;
  for (const scenarios::Axis& axis : sweep.spec.axes) {
    all.axes.push_back(axis.name);
  }
  ProgressLine line(!options.quiet, sweep.variants);
  auto results =
      scenarios::run_variants(sweep.variants, options.jobs, run_here,
                              [&line](const scenarios::SweepProgress& p) { line.show(p); });
  for (std::size_t i = 0; i < results.size(); ++i) {
    const scenarios::Variant& variant = sweep.variants[i];
    if (results[i].ok()) {
      all.variants.push_back({variant.labels, *std::move(results[i])});
    } else if (sweep.variants.size() == 1) {
      return results[i].error();
    } else {
      all.variants.push_back(
          {variant.labels, failed_run(variant.scenario, results[i].error().message)});
    }
  }
  return all;
}

// The effective scenario; of several, a list of {"variant", "scenario"}.
std::string config_text(const scenarios::Sweep& sweep) {
  if (sweep.spec.axes.empty()) {
    scenarios::Scenario whole = sweep.variants.front().scenario;
    whole.sweep = sweep.spec;
    return scenarios::print_config(whole);
  }
  std::string text;
  for (const scenarios::Variant& variant : sweep.variants) {
    std::string config = scenarios::print_config(variant.scenario);
    config.pop_back();
    text += fmt::format("{}{{\"variant\": {}, \"scenario\": {}}}", text.empty() ? "[\n" : ",\n",
                        scenarios::Json(variant.label()).dump(), config);
  }
  return text + "\n]\n";
}

// What is wrong with running these variants in this way.
sim::Status check_jobs(const scenarios::Sweep& sweep, const Options& options) {
  const auto real_time = [](const scenarios::Variant& v) {
    return v.scenario.world == scenarios::World::socket;
  };
  if (options.jobs > 1 && std::ranges::any_of(sweep.variants, real_time)) {
    return sim::Error{sim::Errc::invalid_argument,
                      "--jobs: runs over real sockets would slow each other down; leave it out"};
  }
  return {};
}

int run_sweep(const scenarios::Sweep& sweep, const std::vector<scenarios::Threshold>& thresholds,
              const std::vector<Output>& outputs, const Options& options, const Streams& streams) {
  auto result = run_and_watch(sweep, options);
  if (!result.ok()) {
    return complain(streams, kRunFailed, result.error().message);
  }
  result->thresholds = scenarios::judge(thresholds, result->variants);
  const sim::Status written = write_outputs(*result, {options.full}, outputs, streams.out);
  if (!written.ok()) {
    return complain(streams, kRunFailed, written.error().message);
  }
  if (!result->ran()) {
    return kRunFailed;
  }
  return result->thresholds_hold() ? kDone : kThresholdFailed;
}

int run(const Options& options, const Streams& streams) {
  const auto outputs = parse_outputs(options.outs);
  if (!outputs.ok()) {
    return complain(streams, kBadInput, outputs.error().message);
  }
  const auto sweep = load(options);
  if (!sweep.ok()) {
    return complain(streams, kBadInput, sweep.error().message);
  }
  scenarios::Faults faults;
  const auto thresholds = scenarios::understand_thresholds(*sweep, faults);
  if (!faults.none()) {
    return complain(streams, kBadInput, faults.error().message);
  }
  if (options.print_config) {
    streams.out << config_text(*sweep);
    return kDone;
  }
  for (const sim::Status& right : {check_jobs(*sweep, options), check_outputs(*outputs)}) {
    if (!right.ok()) {
      return complain(streams, kBadInput, right.error().message);
    }
  }
  return run_sweep(*sweep, thresholds, *outputs, options, streams);
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
  command
      ->add_option("--jobs", options->jobs,
                   "Variants that run at the same time, on as many threads")
      ->check(CLI::Range(1u, 256u));
  command->add_flag("--full", options->full, "Text: each variant's whole report behind the table");
  command->add_flag("--print-config", options->print_config,
                    "Print the effective scenario, or that of every variant, and stop");
  command->add_flag("-q,--quiet", options->quiet, "No progress on stderr");
  command->footer(
      "Examples:\n"
      "  stripelab run ior_easy\n"
      "  stripelab run ior_easy --set cluster.osts=16 --set clients[0].count=8\n"
      "  stripelab run first_light --world socket\n"
      "  stripelab run my.json --seed 7 --out text=- --out json=result.json\n"
      "  stripelab run stripe_count_sweep --jobs 2 --out text=- --out markdown=table.md\n"
      "  stripelab run ior_easy --set 'vary={\"layout\": [\"-c 1\", \"-c 4\"]}'");
  command->callback([options, &streams, &exit_code] { exit_code = run(*options, streams); });
}

}  // namespace bench
