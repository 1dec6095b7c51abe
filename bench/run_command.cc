#include "bench/run_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <ctime>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "bench/paths.h"
#include "bench/progress.h"
#include "bench/version.h"
#include "reports/writers.h"
#include "scenarios/run/run.h"
#include "scenarios/spec_printer.h"
#include "scenarios/spec_reader.h"

namespace bench {
namespace {

constexpr int kBadInput = 2;
constexpr int kRunFailed = 3;

struct Options {
  std::string scenario;
  std::vector<std::string> sets;
  std::vector<std::string> outs;
  std::string world;
  std::optional<std::uint64_t> seed;
  bool print_config = false;
  bool quiet = false;
};

struct Output {
  std::string format;
  std::string path;  // "-": stdout
};

int complain(int code, std::string_view message) {
  fmt::print(stderr, "stripelab: {}\n", message);
  return code;
}

sim::Result<std::vector<Output>> parse_outputs(const std::vector<std::string>& outs) {
  std::vector<Output> outputs;
  for (const std::string& out : outs) {
    const std::size_t equals = out.find('=');
    const std::string format = out.substr(0, equals);
    const auto known = [&](const reports::Writer& w) { return w.format == format; };
    if (equals == std::string::npos || equals + 1 == out.size() ||
        std::ranges::none_of(reports::writers(), known)) {
      std::string formats;
      for (const reports::Writer& writer : reports::writers()) {
        formats += fmt::format("{}{}", formats.empty() ? "" : ", ", writer.format);
      }
      return sim::Error{sim::Errc::invalid_argument,
                        fmt::format("--out {}: write FORMAT=PATH, where FORMAT is one of {} and "
                                    "PATH is a file or - for stdout",
                                    out, formats)};
    }
    outputs.push_back({format, out.substr(equals + 1)});
  }
  if (outputs.empty()) {
    outputs.push_back({"text", "-"});
  }
  return outputs;
}

sim::Status write_output(const reports::Result& result, const Output& output) {
  if (output.path == "-") {
    return reports::write(result, output.format, std::cout);
  }
  const std::string path = user_path(output.path);
  std::ofstream file(path, std::ios::binary);
  if (!file) {
    return sim::Error{sim::Errc::io_error, fmt::format("{}: cannot be written", path)};
  }
  return reports::write(result, output.format, file);
}

reports::Host host_facts(std::chrono::system_clock::time_point began, sim::Duration wall) {
  reports::Host host;
  std::array<char, 256> name{};
  gethostname(name.data(), name.size() - 1);
  host.name = name.data();
  host.cpus = std::thread::hardware_concurrency();
  const std::time_t seconds = std::chrono::system_clock::to_time_t(began);
  std::array<char, 32> text{};
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc);
  host.started = text.data();
  host.wall_time = wall;
  return host;
}

// A library name stays; a path is taken as the user means it.
std::string scenario_place(const std::string& given) {
  const bool path = given.find('/') != std::string::npos || given.ends_with(".json");
  return path ? user_path(given) : given;
}

int run(const Options& options) {
  std::vector<std::string> sets = options.sets;
  if (options.seed) {
    sets.push_back(fmt::format("seed={}", *options.seed));
  }
  if (!options.world.empty()) {
    sets.push_back("world=" + options.world);
  }
  const auto outputs = parse_outputs(options.outs);
  if (!outputs.ok()) {
    return complain(kBadInput, outputs.error().message);
  }
  const auto scenario = scenarios::load_scenario(scenario_place(options.scenario), sets);
  if (!scenario.ok()) {
    return complain(kBadInput, scenario.error().message);
  }
  const sim::Status checked = scenarios::check_workloads(*scenario);
  if (!checked.ok()) {
    return complain(kBadInput, fmt::format("{}: {}", options.scenario, checked.error().message));
  }
  if (options.print_config) {
    std::cout << scenarios::print_config(*scenario);
    return 0;
  }
  const auto date = std::chrono::system_clock::now();
  const auto began = std::chrono::steady_clock::now();
  sim::Result<reports::Result> result = sim::Error{};
  {
    ProgressLine line(!options.quiet);
    scenarios::RunHooks hooks;
    hooks.progress = [&line](const scenarios::RunProgress& p) { line.show(p); };
    result = scenarios::run_scenario(*scenario, hooks);
  }
  if (!result.ok()) {
    return complain(kRunFailed, result.error().message);
  }
  const auto wall = std::chrono::steady_clock::now() - began;
  result->context.version = kVersion;
  result->host = host_facts(
      date, sim::Duration(std::chrono::duration_cast<std::chrono::nanoseconds>(wall).count()));
  for (const Output& output : *outputs) {
    const sim::Status written = write_output(*result, output);
    if (!written.ok()) {
      return complain(kRunFailed, written.error().message);
    }
  }
  return result->errors.empty() ? 0 : kRunFailed;
}

}  // namespace

void add_run_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("run", "Run a scenario and write its result");
  command->add_option("scenario", options->scenario, "A library name (see list) or a FILE.json")
      ->required();
  command
      ->add_option("--set", options->sets,
                   "PATH=VALUE changes the scenario; VALUE is JSON or a word")
      ->allow_extra_args(false);
  command->add_option("--seed", options->seed, "Seed of all randomness");
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
  command->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace bench
