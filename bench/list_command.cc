#include "bench/list_command.h"

#include <fmt/core.h>

#include <memory>

#include "reports/writers.h"
#include "scenarios/design.h"
#include "scenarios/library.h"
#include "scenarios/sweep/variants.h"

namespace bench {
namespace {

std::string described(const sim::Result<scenarios::Sweep>& sweep) {
  if (!sweep.ok()) {
    return "cannot be read";
  }
  const std::size_t variants = sweep->variants.size();
  return sweep->variants.front().scenario.description +
         (variants > 1 ? fmt::format(" ({} variants)", variants) : "");
}

void list(std::ostream& out) {
  out << "scenarios (stripelab run NAME):\n";
  for (const std::string_view name : scenarios::scenario_names()) {
    out << fmt::format("  {:<18} {}\n", name, described(scenarios::load_sweep(name)));
  }
  out << "hardware (--set cluster.hardware=NAME):\n";
  for (const std::string_view name : scenarios::hardware_names()) {
    out << fmt::format("  {}\n", name);
  }
  out << "client designs (--set clients[0].design=NAME):\n";
  for (const scenarios::DesignPreset& preset : scenarios::design_presets()) {
    out << fmt::format("  {:<16} {}\n", preset.name, preset.what);
  }
  out << "result formats (--out FORMAT=PATH):\n";
  for (const reports::Writer& writer : reports::writers()) {
    out << fmt::format("  {:<16} {}\n", writer.format, writer.what);
  }
}

}  // namespace

void add_list_command(CLI::App& app, const Streams& streams, int& exit_code) {
  CLI::App* command = app.add_subcommand("list", "What there is to run, and on what");
  auto names = std::make_shared<bool>(false);
  command->add_flag("--names", *names, "Only the names of the scenarios, one a line");
  command->footer("Examples:\n  stripelab list\n  stripelab list --names");
  command->callback([names, &streams, &exit_code] {
    exit_code = kDone;
    if (!*names) {
      list(streams.out);
      return;
    }
    for (const std::string_view name : scenarios::scenario_names()) {
      streams.out << name << '\n';
    }
  });
}

}  // namespace bench
