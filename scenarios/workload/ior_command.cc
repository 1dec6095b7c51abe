#include "scenarios/workload/ior_command.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "scenarios/workload/ior_limits.h"
#include "scenarios/workload/scan.h"
#include "scenarios/workload/shell_words.h"

namespace scenarios {
namespace {

using Words = std::vector<std::string>;

sim::Error wrong(std::string message) { return {sim::Errc::invalid_argument, std::move(message)}; }

enum class Meaning : std::uint8_t { tasks, nodes, tasks_per_node };

// A launcher's options that say how many tasks run; all its other options are passed over.
struct LauncherOption {
  std::string_view launcher;
  std::string_view option;
  Meaning meaning;
};

// From the manual pages of Open MPI and MPICH (mpirun, mpiexec), Slurm (srun), ALPS (aprun) and
// LSF (jsrun). ibrun's -n is the number of tasks.
constexpr std::array<LauncherOption, 21> kLauncherOptions = {{
    {"mpirun", "-n", Meaning::tasks},
    {"mpirun", "-np", Meaning::tasks},
    {"mpirun", "--n", Meaning::tasks},
    {"mpirun", "--np", Meaning::tasks},
    {"mpirun", "-c", Meaning::tasks},
    {"mpirun", "-ppn", Meaning::tasks_per_node},
    {"mpirun", "--ppn", Meaning::tasks_per_node},
    {"mpirun", "-N", Meaning::tasks_per_node},
    {"mpirun", "-npernode", Meaning::tasks_per_node},
    {"mpirun", "--npernode", Meaning::tasks_per_node},
    {"srun", "-n", Meaning::tasks},
    {"srun", "--ntasks", Meaning::tasks},
    {"srun", "-N", Meaning::nodes},
    {"srun", "--nodes", Meaning::nodes},
    {"srun", "--ntasks-per-node", Meaning::tasks_per_node},
    {"aprun", "-n", Meaning::tasks},
    {"aprun", "-N", Meaning::tasks_per_node},
    {"jsrun", "-n", Meaning::tasks},
    {"jsrun", "-p", Meaning::tasks},
    {"jsrun", "--np", Meaning::tasks},
    {"ibrun", "-n", Meaning::tasks},
}};

std::string_view base_name(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

// The launcher's name in the table, or nothing.
std::string_view launcher_name(std::string_view word) {
  const std::string_view name = base_name(word);
  if (name.starts_with("mpiexec") || name.starts_with("mpirun")) {
    return "mpirun";
  }
  for (const LauncherOption& option : kLauncherOptions) {
    if (option.launcher == name) {
      return option.launcher;
    }
  }
  return {};
}

std::optional<Meaning> meaning_of(std::string_view launcher, std::string_view option) {
  for (const LauncherOption& known : kLauncherOptions) {
    if (known.launcher == launcher && known.option == option) {
      return known.meaning;
    }
  }
  return std::nullopt;
}

struct LauncherCounts {
  std::array<std::uint32_t, 3> values{};  // by Meaning

  std::uint32_t& operator[](Meaning m) { return values[static_cast<std::size_t>(m)]; }
};

// Splits "--option=value", and "-n4" for a one-letter option, into the option and its value.
std::pair<std::string_view, std::optional<std::string_view>> split_value(std::string_view word) {
  const std::size_t equals = word.find('=');
  if (equals != std::string_view::npos) {
    return {word.substr(0, equals), word.substr(equals + 1)};
  }
  const bool attached = word.size() > 2 && word[0] == '-' && word[2] >= '0' && word[2] <= '9';
  if (attached) {
    return {word.substr(0, 2), word.substr(2)};
  }
  return {word, std::nullopt};
}

sim::Result<LauncherCounts> read_launcher(std::string_view launcher,
                                          std::span<const std::string> words) {
  LauncherCounts counts;
  for (std::size_t i = 0; i < words.size(); ++i) {
    auto [option, value] = split_value(words[i]);
    const std::optional<Meaning> meaning = meaning_of(launcher, option);
    if (!meaning) {
      continue;
    }
    if (!value && i + 1 < words.size()) {
      value = words[++i];
    }
    const auto number = scan::unsigned_number(value.value_or(""));
    if (!number || *number == 0 || *number > kMaxIorTasks) {
      return wrong(fmt::format("launcher option {}: found {}, expected a number from 1 to {}",
                               option, scan::in_quotes(value.value_or("")), kMaxIorTasks));
    }
    counts[*meaning] = static_cast<std::uint32_t>(*number);
  }
  return counts;
}

bool is_ior(const std::string& word) { return scan::same_word(base_name(word), "ior"); }

bool is_setting(std::string_view word) {
  return !word.starts_with('-') && word.find('=') != std::string_view::npos;
}

sim::Status apply_counts(LauncherCounts counts, IorCommand& command) {
  command.tasks = counts[Meaning::tasks];
  command.tasks_per_node = counts[Meaning::tasks_per_node];
  const std::uint32_t nodes = counts[Meaning::nodes];
  if (nodes == 0) {
    return {};
  }
  // srun -N nodes alone starts one task on each.
  const std::uint64_t each = std::max(command.tasks_per_node, 1u);
  if (command.tasks == 0) {
    if (each * nodes > kMaxIorTasks) {
      return wrong(fmt::format("the launcher starts {} tasks: at most {} are supported",
                               each * nodes, kMaxIorTasks));
    }
    command.tasks = static_cast<std::uint32_t>(each * nodes);
  }
  if (command.tasks_per_node == 0) {
    command.tasks_per_node = (command.tasks + nodes - 1) / nodes;
  }
  return {};
}

}  // namespace

sim::Result<IorCommand> parse_ior_command(std::string_view line) {
  sim::Result<Words> split = split_shell_words(line);
  if (!split) {
    return split.error();
  }
  Words& words = *split;
  auto begin = std::find_if_not(words.begin(), words.end(), is_setting);
  if (begin == words.end()) {
    return wrong("there is no IOR command in it; \"ior -w -r\" would be one");
  }
  IorCommand command;
  if (!begin->starts_with('-')) {
    const auto ior = std::find_if(begin, words.end(), is_ior);
    const std::string_view launcher = launcher_name(*begin);
    if (ior == words.end() || (ior != begin && launcher.empty())) {
      return wrong(fmt::format("{} starts neither ior nor a known launcher of ior",
                               scan::in_quotes(*begin)));
    }
    const auto counts = read_launcher(launcher, {begin, ior});
    if (!counts) {
      return counts.error();
    }
    if (sim::Status status = apply_counts(*counts, command); !status) {
      return status.error();
    }
    begin = ior + 1;
  }
  command.arguments.assign(std::make_move_iterator(begin), std::make_move_iterator(words.end()));
  return command;
}

}  // namespace scenarios
