#include "scenarios/sweep/known_names.h"

#include <algorithm>

#include "scenarios/run/assemble.h"
#include "scenarios/run/load_workload.h"
#include "sim/timeline.h"
#include "stripe/protocol/opcodes.h"

namespace scenarios {
namespace {

// Of all groups, each name once.
std::vector<std::string> phases_of(const Scenario& scenario) {
  std::vector<std::string> labels;
  for (std::size_t group = 0; group < scenario.clients.size(); ++group) {
    const auto loaded = load_workload(scenario, group);
    if (!loaded) {
      continue;
    }
    const Plan& plan = loaded->workload->plan();
    for (std::uint32_t phase = 0; phase < plan.phases.size(); ++phase) {
      const std::string label = phase_label(plan, phase);
      if (std::ranges::find(labels, label) == labels.end()) {
        labels.push_back(label);
      }
    }
  }
  return labels;
}

std::vector<std::string> stages() {
  std::vector<std::string> names;
  for (const char* prefix : {"", "gateway."}) {
    for (std::size_t stage = 0; stage < sim::kStages; ++stage) {
      names.push_back(prefix + std::string(sim::stage_name(static_cast<sim::Stage>(stage))));
    }
  }
  return names;
}

}  // namespace

KnownNames names_known(const Scenario& scenario) {
  KnownNames known;
  known["phases"] = phases_of(scenario);
  known["foreground"] = known["background"] = stages();
  for (const ClientGroup& group : scenario.clients) {
    known["groups"].push_back(group.name);
  }
  for (const transport::Opcode opcode : stripe::all_opcodes()) {
    known["rpcs"].emplace_back(stripe::opcode_name(opcode));
  }
  for (std::size_t kind = 0; kind < kOpKinds; ++kind) {
    known["latency"].emplace_back(op_kind_name(static_cast<OpKind>(kind)));
  }
  return known;
}

}  // namespace scenarios
