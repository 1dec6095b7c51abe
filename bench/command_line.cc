#include "bench/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <optional>
#include <string_view>

#include "bench/import_command.h"
#include "bench/layout_cli.h"
#include "bench/ldlm_cli.h"
#include "bench/list_command.h"
#include "bench/run_command.h"
#include "bench/version.h"
#include "scenarios/nearest.h"

namespace bench {
namespace {

constexpr const char* kFooter =
    "Exit codes: 0 done, 1 a threshold failed, 2 wrong usage or input, 3 the run itself failed.\n"
    "Examples:\n"
    "  stripelab list                                     scenarios, hardware and formats\n"
    "  stripelab run ior_easy                             run one in virtual time\n"
    "  stripelab run first_light --world socket           the same client over real sockets\n"
    "  stripelab import \"ior -w -r -b 1g -t 4m -F\" > my.json\n"
    "  stripelab run my.json --set cluster.osts=16 --out json=result.json\n"
    "  stripelab run stripe_count_sweep                   several variants, compared\n"
    "  stripelab layout show \"-c 8 -S 4M\"\n"
    "  echo REQ PW 0 1048575 1 | stripelab ldlm extent";

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

// The command that the first words choose, and what has been chosen so far.
struct Chosen {
  const CLI::App* app;
  std::size_t words = 0;
  std::string name;
};

Chosen choose(const CLI::App& app, const std::vector<std::string>& words) {
  Chosen chosen{&app, 0, app.get_name()};
  for (bool found = true; found && chosen.words < words.size();) {
    found = false;
    for (const CLI::App* command : commands_of(*chosen.app)) {
      if (!found && command->get_name() == words[chosen.words]) {
        chosen = {command, chosen.words + 1, chosen.name + " " + command->get_name()};
        found = true;
      }
    }
  }
  return chosen;
}

// Why the words choose no command: none where there must be one, or one that is not there.
std::optional<std::string> no_command(const Chosen& chosen, const std::vector<std::string>& words) {
  const std::vector<const CLI::App*> commands = commands_of(*chosen.app);
  const bool ends = chosen.words == words.size();
  if (commands.empty()) {
    return std::nullopt;
  }
  if (!ends && words[chosen.words].starts_with('-')) {
    const bool known = chosen.app->get_option_no_throw(words[chosen.words]) != nullptr;
    return known ? std::nullopt
                 : std::optional(fmt::format("there is no option \"{}\"", words[chosen.words]));
  }
  std::vector<std::string> names;
  for (const CLI::App* command : commands) {
    names.push_back(command->get_name());
  }
  if (ends) {
    return fmt::format("a command is missing: {}", fmt::join(names, ", "));
  }
  const std::string& word = words[chosen.words];
  const std::vector<std::string_view> known(names.begin(), names.end());
  return fmt::format("there is no command \"{}\"; {}", word, scenarios::suggest(word, known));
}

int refuse(const Chosen& chosen, std::string_view message, const Streams& streams) {
  streams.err << fmt::format("{}: {}\nHelp and examples: {} --help\n", chosen.name, message,
                             chosen.name);
  return kBadInput;
}

// A result that nobody received is none: a full disk or a closed pipe fails the command.
int checked(int exit_code, const Streams& streams) {
  if (!streams.out.flush() && exit_code == kDone) {
    streams.err << "stripelab: standard output did not take all of the output\n";
    return kRunFailed;
  }
  return exit_code;
}

}  // namespace

int run_command_line(std::vector<std::string> arguments, const Streams& streams) {
  CLI::App app{
      "How fast will this workload run on this striped file system, and where does the time go?"};
  app.name("stripelab");
  app.set_version_flag("--version", std::string(kVersion));
  app.require_subcommand(1);
  int exit_code = kDone;
  add_run_command(app, streams, exit_code);
  add_layout_command(app, streams, exit_code);
  add_ldlm_command(app, streams, exit_code);
  add_import_command(app, streams, exit_code);
  add_list_command(app, streams, exit_code);
  // Last, because commands inherit it from the app they are added to.
  app.footer(kFooter);
  const Chosen chosen = choose(app, arguments);
  if (const auto wrong = no_command(chosen, arguments)) {
    return refuse(chosen, *wrong, streams);
  }
  if (chosen.app->get_allow_extras()) {
    // It takes every word as it is; CLI11 would hand those behind the mark to the command above.
    std::erase(arguments, "--");
  }
  // CLI11 takes them from the back.
  std::ranges::reverse(arguments);
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::Success& success) {
    exit_code = app.exit(success, streams.out, streams.err);
  } catch (const CLI::ParseError& error) {
    return refuse(chosen, error.what(), streams);
  }
  return checked(exit_code, streams);
}

}  // namespace bench
