#include "scenarios/run/load_workload.h"

#include <fmt/core.h>

#include <filesystem>

#include "scenarios/input_file.h"
#include "scenarios/workload/dxt.h"
#include "scenarios/workload/ior.h"
#include "scenarios/workload/sharing/sharing.h"
#include "sim/digest.h"

namespace scenarios {
namespace {

std::uint64_t hash_of(const std::string& text) {
  sim::Digest hash;
  for (const char c : text) {
    hash.fold(static_cast<unsigned char>(c));
  }
  return hash.value();
}

DxtOptions dxt_options(const ClientGroup& group) {
  const WorkloadSpec& spec = group.workload;
  DxtOptions options;
  options.timing =
      spec.timing == Timing::as_recorded ? DxtTiming::as_recorded : DxtTiming::as_fast_as_possible;
  options.mounts = spec.mounts == TraceMounts::all ? DxtMounts::all : DxtMounts::lustre_only;
  options.locks = group.design.coherence == Coherence::ldlm;
  return options;
}

sim::Result<LoadedWorkload> load_text(const ClientGroup& group, const std::string& directory,
                                      std::uint64_t seed) {
  const WorkloadSpec& spec = group.workload;
  IorContext context;
  context.tasks = group.ranks();
  context.tasks_per_node = group.ranks_per_node();
  context.seed = seed;
  const bool inline_text = !spec.ior.empty();
  const std::string& path = spec.ior_script.empty() ? spec.dxt : spec.ior_script;
  auto text = inline_text ? sim::Result<std::string>(spec.ior)
                          : read_input_file(std::filesystem::path(directory) / path);
  if (!text.ok()) {
    return text.error();
  }
  auto workload = spec.dxt.empty() ? ior_workload(*text, context)
                                   : dxt_workload(*text, path, dxt_options(group));
  if (!workload.ok()) {
    // A dump's faults name it themselves, with the line.
    sim::Error error = workload.error();
    if (!spec.ior_script.empty()) {
      error.message = fmt::format("{}: {}", path, error.message);
    }
    return error;
  }
  LoadedWorkload loaded{std::move(*workload), {}};
  if (!inline_text) {
    loaded.input = hash_of(*text);
  }
  return loaded;
}

}  // namespace

sim::Result<LoadedWorkload> load_workload(const Scenario& scenario, std::size_t group) {
  if (!scenario.clients[group].workload.sharing) {
    return load_text(scenario.clients[group], scenario.directory, scenario.seed);
  }
  auto workload = sharing_workload(scenario.clients, group, scenario.seed);
  if (!workload.ok()) {
    return workload.error();
  }
  return LoadedWorkload{std::move(*workload), {}};
}

}  // namespace scenarios
