#include "bench/import_command.h"

#include <fmt/core.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>

#include "bench/paths.h"
#include "scenarios/input_file.h"
#include "scenarios/run/check_workloads.h"
#include "scenarios/spec_reader.h"
#include "scenarios/workload/import.h"

namespace bench {
namespace {

// In place of a path.
constexpr std::string_view kStdin = "-";

struct Options {
  std::string input;
  std::uint32_t tasks = 0;
  std::uint32_t tasks_per_node = 0;
  std::string timing;  // empty: as recorded
  scenarios::ImportOptions import;
};

sim::Error refuse(std::string message) { return {sim::Errc::invalid_argument, std::move(message)}; }

// Whether `input` can only be meant as a file: one word that is neither an option nor ior.
bool looks_like_file(std::string_view input) {
  const std::string_view name = input.substr(input.rfind('/') + 1);
  return !input.empty() && input.find_first_of(" \t\n") == std::string_view::npos &&
         !input.starts_with('-') && name != "ior" && name != "IOR";
}

sim::Result<std::string> of_dump(const std::string& text, const std::string& path,
                                 const Options& options) {
  if (path == kStdin) {
    return refuse(
        "the scenario of a DXT text dump reads the dump again: give it as a file, not on standard "
        "input");
  }
  if (options.tasks != 0 || options.tasks_per_node != 0) {
    return refuse(fmt::format(
        "{}: a DXT text dump says which ranks and nodes there were; --tasks and --tasks-per-node "
        "are for IOR",
        path));
  }
  scenarios::DxtOptions dxt;
  dxt.timing = options.timing == "as_fast_as_possible" ? scenarios::DxtTiming::as_fast_as_possible
                                                       : scenarios::DxtTiming::as_recorded;
  return scenarios::import_dxt(text, std::filesystem::absolute(path).string(), dxt, options.import);
}

sim::Result<std::string> of_ior(const std::string& text, const Options& options) {
  if (!options.timing.empty()) {
    return refuse("--timing is for DXT text dumps; an IOR run has no times of its own");
  }
  scenarios::IorContext context;
  context.tasks = options.tasks;
  context.tasks_per_node = options.tasks_per_node;
  return scenarios::import_ior(text, context, options.import);
}

sim::Result<std::string> import(const Options& options, std::istream& in) {
  const bool piped = options.input == kStdin;
  const std::string path = piped ? options.input : user_path(options.input);
  std::error_code ignored;
  const bool there = piped || (!options.input.empty() && std::filesystem::exists(path, ignored));
  if (!there && !looks_like_file(options.input)) {
    return of_ior(options.input, options);
  }
  const auto text =
      piped ? scenarios::read_input_stream(in, "standard input") : scenarios::read_input_file(path);
  if (!text.ok()) {
    return refuse(fmt::format(
        "{}; give an IOR command line, an IOR script (- reads it from standard input) or a DXT "
        "text dump",
        text.error().message));
  }
  if (scenarios::is_dxt_dump(*text)) {
    return of_dump(*text, path, options);
  }
  const auto scenario = of_ior(*text, options);
  return scenario.ok() ? scenario
                       : refuse(fmt::format("{}: {}", piped ? "standard input" : path,
                                            scenario.error().message));
}

// The scenario, if `run` will take it.
sim::Result<std::string> import_and_check(const Options& options, std::istream& in) {
  auto text = import(options, in);
  if (text.ok()) {
    const auto scenario = scenarios::read_scenario({"the scenario made of it", "", *text},
                                                   {.check = scenarios::check_workloads});
    if (!scenario.ok()) {
      return scenario.error();
    }
  }
  return text;
}

void add_options(CLI::App& command, Options& options) {
  command
      .add_option("input", options.input,
                  "An IOR command line, an IOR script (- reads one from standard input), or a DXT "
                  "text dump")
      ->required();
  command.add_option("--tasks", options.tasks, "Ranks of the IOR run, unless its line says so")
      ->check(CLI::Range(1u, 1'000'000u));
  command.add_option("--tasks-per-node", options.tasks_per_node, "Ranks on each node")
      ->check(CLI::Range(1u, 1'000'000u));
  command
      .add_option("--timing", options.timing,
                  "Of a DXT dump: as_recorded (default) or as_fast_as_possible")
      ->check(CLI::IsMember({"as_recorded", "as_fast_as_possible"}));
  command.add_option("--name", options.import.name, "Name of the scenario");
  command.add_option("--hardware", options.import.hardware,
                     "What it is simulated on: a name (see list) or a FILE.json (default "
                     "nvme_2023)");
  command.add_option("--osts", options.import.osts, "OSTs of the cluster")
      ->check(CLI::Range(1u, 10'000u));
  command.add_option("--oss", options.import.oss, "Object storage servers of the cluster")
      ->check(CLI::Range(1u, 10'000u));
}

}  // namespace

void add_import_command(CLI::App& app, const Streams& streams, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("import", "Make a scenario file from an IOR command or a DXT dump");
  add_options(*command, *options);
  command->footer(
      "Examples:\n"
      "  stripelab import \"mpirun -n 16 ior -w -r -C -e -b 256m -t 1m -F\" > mine.json\n"
      "  stripelab import job.dxt.txt --timing as_fast_as_possible > replay.json\n"
      "  stripelab import \"ior -w -r -e\" --hardware hdd_2012 > old.json\n"
      "  stripelab import - --tasks 16 < job.ior > job.json\n"
      "  stripelab run mine.json");
  command->callback([command, options, &streams, &exit_code] {
    if (scenarios::is_path(options->import.hardware)) {
      options->import.hardware =
          std::filesystem::absolute(user_path(options->import.hardware)).string();
    }
    const auto text = import_and_check(*options, streams.in);
    if (!text.ok()) {
      streams.err << fmt::format("stripelab: {}\n", text.error().message);
      exit_code = kBadInput;
      return;
    }
    streams.out << *text;
    if (command->count("--hardware") == 0) {
      streams.err << fmt::format("stripelab: the hardware is {}; --hardware takes another\n",
                                 options->import.hardware);
    }
  });
}

}  // namespace bench
