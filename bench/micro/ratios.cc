#include "bench/micro/ratios.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace bench {
namespace {

struct Pair {
  std::string_view benchmark;
  std::string_view yardstick;
};
constexpr std::array<Pair, 4> kPairs = {{
    {"hold_coroutines", "hold_std_priority_queue"},
    {"hold_event_queue", "hold_std_priority_queue"},
    {"closed_coroutines_station", "closed_bare_events"},
    {"closed_coroutines_semaphore", "closed_bare_events"},
}};

std::optional<double> median_of(const Rates& rates, const std::string& name) {
  const auto found = rates.find(name);
  if (found == rates.end() || found->second.empty()) {
    return std::nullopt;
  }
  std::vector<double> sorted = found->second;
  std::ranges::sort(sorted);
  return (sorted[(sorted.size() - 1) / 2] + sorted[sorted.size() / 2]) / 2;
}

// What stands behind the benchmark's own name: "/pending:1000".
std::string_view arguments_of(std::string_view name, std::string_view benchmark) {
  return name.substr(benchmark.size());
}

bool is_run_of(std::string_view name, std::string_view benchmark) {
  return name.starts_with(benchmark) &&
         (name.size() == benchmark.size() || name[benchmark.size()] == '/');
}

}  // namespace

std::string describe_ratios(const Rates& rates) {
  std::string text;
  for (const Pair& pair : kPairs) {
    for (const auto& [name, ignored] : rates) {
      if (!is_run_of(name, pair.benchmark)) {
        continue;
      }
      const std::string_view arguments = arguments_of(name, pair.benchmark);
      const auto yardstick = median_of(rates, std::string(pair.yardstick) + std::string(arguments));
      const auto rate = median_of(rates, name);
      if (rate && yardstick && *yardstick > 0) {
        text += fmt::format("{:5.2f} x  {} / {}{}\n", *rate / *yardstick, pair.benchmark,
                            pair.yardstick, arguments);
      }
    }
  }
  return text;
}

void RatesReporter::ReportRuns(const std::vector<Run>& runs) {
  ConsoleReporter::ReportRuns(runs);
  for (const Run& run : runs) {
    const auto rate = run.counters.find("items_per_second");
    if (run.run_type == Run::RT_Iteration && !run.error_occurred && rate != run.counters.end()) {
      std::string name = run.run_name.function_name;
      if (!run.run_name.args.empty()) {
        name += "/" + run.run_name.args;
      }
      rates_[name].push_back(rate->second);
    }
  }
}

}  // namespace bench
