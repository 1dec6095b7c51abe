#include "scenarios/spec_reader.h"

#include <fmt/core.h>

#include <algorithm>

#include "scenarios/faults.h"
#include "scenarios/json_text.h"
#include "scenarios/read_fields.h"
#include "scenarios/settings.h"
#include "scenarios/spec_check.h"

namespace scenarios {
namespace {

// Names the groups that have none after their design, with a number when that is taken.
void name_groups(std::vector<ClientGroup>& groups) {
  const auto taken = [&groups](const std::string& name) {
    return std::ranges::find(groups, name, &ClientGroup::name) != groups.end();
  };
  for (ClientGroup& group : groups) {
    if (group.name.empty()) {
      std::string name = group.design.preset;
      for (int i = 2; taken(name); ++i) {
        name = fmt::format("{}-{}", group.design.preset, i);
      }
      group.name = name;
    }
  }
}

// Real bytes need a store that keeps them, whatever a hardware file says. A scenario that asks for
// another itself is refused later.
void choose_store(const Json& json, Scenario& scenario) {
  const bool chosen = json.contains(Json::json_pointer("/cluster/overrides/store")) ||
                      json.contains(Json::json_pointer("/cluster/hardware/store"));
  if (scenario.world == World::socket && !chosen) {
    scenario.cluster.hardware.store = StoreKind::memory;
  }
}

// A cluster whose object servers are not counted, until the file says how many.
Scenario unread() {
  Scenario s;
  s.cluster.oss = 0;
  return s;
}

}  // namespace

sim::Result<Json> scenario_json(const SourceText& source, const ReadOptions& options,
                                Faults& faults) {
  auto json = parse_json(source.text, source.name);
  if (!json) {
    return json.error();
  }
  for (const std::string& set : options.sets) {
    const sim::Status status = apply_setting(set, *json, options.sets_directory);
    if (!status) {
      faults.add("--set " + set, "", status.error().message);
    }
  }
  return json;
}

Scenario scenario_of(const Json& json, const SourceText& source, const std::string& file,
                     const ReadOptions& options, Faults& faults) {
  Scenario scenario = unread();
  ReadState state{faults, options.open, file, source.directory};
  read_object(json, "", scenario, state);
  if (scenario.cluster.oss == 0) {
    scenario.cluster.oss = scenario.cluster.osts;
  }
  choose_store(json, scenario);
  name_groups(scenario.clients);
  scenario.directory = source.directory;
  check_scenario(scenario, file, faults);
  if (options.check) {
    options.check(scenario, file, faults);
  }
  return scenario;
}

SweepSpec sweep_of(const Json& json, const SourceText& source, const ReadOptions& options,
                   Faults& faults) {
  SweepSpec sweep;
  ReadState state{faults, options.open, source.name, source.directory};
  if (json.is_object()) {
    FieldReader reader(json, "", state);
    fields(reader, sweep);
  }
  return sweep;
}

sim::Result<Scenario> read_scenario(const SourceText& source, const ReadOptions& options) {
  Faults faults;
  const auto json = scenario_json(source, options, faults);
  if (!json) {
    return json.error();
  }
  Scenario scenario = scenario_of(*json, source, source.name, options, faults);
  if (!faults.none()) {
    return faults.error();
  }
  return scenario;
}

sim::Result<Scenario> load_scenario(std::string_view name_or_path, const ReadOptions& options) {
  const auto source = open_scenario(name_or_path);
  return source ? read_scenario(*source, options) : sim::Result<Scenario>(source.error());
}

}  // namespace scenarios
