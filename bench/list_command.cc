#include "bench/list_command.h"

#include <fmt/format.h>

#include <memory>

#include "reports/writers.h"
#include "scenarios/design.h"
#include "scenarios/library.h"
#include "scenarios/spec_reader.h"

namespace bench {
namespace {

void list() {
  fmt::print("scenarios (stripelab run NAME):\n");
  for (const std::string_view name : scenarios::scenario_names()) {
    const auto scenario = scenarios::load_scenario(name);
    fmt::print("  {:<16} {}\n", name, scenario.ok() ? scenario->description : "cannot be read");
  }
  fmt::print("hardware (--set cluster.hardware=NAME):\n");
  for (const std::string_view name : scenarios::hardware_names()) {
    fmt::print("  {}\n", name);
  }
  fmt::print("client designs (--set clients[0].design=NAME):\n");
  for (const scenarios::DesignPreset& preset : scenarios::design_presets()) {
    fmt::print("  {:<16} {}\n", preset.name, preset.what);
  }
  fmt::print("result formats (--out FORMAT=PATH):\n");
  for (const reports::Writer& writer : reports::writers()) {
    fmt::print("  {:<16} {}\n", writer.format, writer.what);
  }
}

}  // namespace

void add_list_command(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand("list", "What there is to run, and on what");
  auto names = std::make_shared<bool>(false);
  command->add_flag("--names", *names, "Only the names of the scenarios, one a line");
  command->footer("Examples:\n  stripelab list\n  stripelab list --names");
  command->callback([names, &exit_code] {
    exit_code = 0;
    if (!*names) {
      list();
      return;
    }
    for (const std::string_view name : scenarios::scenario_names()) {
      fmt::print("{}\n", name);
    }
  });
}

}  // namespace bench
