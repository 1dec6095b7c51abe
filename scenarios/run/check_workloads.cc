#include "scenarios/run/check_workloads.h"

#include <fmt/core.h>

#include "scenarios/run/check_layout.h"
#include "scenarios/run/load_workload.h"

namespace scenarios {
namespace {

class Checker {
 public:
  Checker(const Scenario& scenario, const std::string& file, Faults& faults)
      : scenario_(scenario), file_(file), faults_(faults) {}

  void check_group(const std::string& path, std::size_t index) {
    const ClientGroup& group = scenario_.clients[index];
    layout(path + ".layout", group.layout, "");
    const std::string place = path + ".workload";
    if (faults_.touch({place, path + ".count", path + ".tasks_per_node"})) {
      return;
    }
    const auto loaded = load_workload(scenario_, index);
    if (!loaded.ok()) {
      faults_.add(file_, place, loaded.error().message);
      return;
    }
    // An empty one stands for the layouts above, which are judged on their own.
    for (const std::string& options : layouts_of(loaded->workload->plan(), "")) {
      layout(place, options, fmt::format("layout \"{}\": ", options));
    }
  }

  void layout(const std::string& path, const std::string& options, const std::string& before) {
    if (options.empty() || faults_.touch({path, "cluster.osts"})) {
      return;
    }
    const sim::Status status = check_layout(options, scenario_.cluster);
    if (!status.ok()) {
      faults_.add(file_, path, before + status.error().message);
    }
  }

 private:
  const Scenario& scenario_;
  const std::string& file_;
  Faults& faults_;
};

}  // namespace

std::set<std::string> layouts_of(const Plan& plan, const std::string& default_layout) {
  std::set<std::string> layouts;
  for (const FileSpec& file : plan.files) {
    if (!file.directory) {
      layouts.insert(file.layout.empty() ? default_layout : file.layout);
    }
  }
  return layouts;
}

void check_workloads(const Scenario& scenario, const std::string& file, Faults& faults) {
  Checker checker(scenario, file, faults);
  checker.layout("layout", scenario.layout, "");
  for (std::size_t i = 0; i < scenario.clients.size(); ++i) {
    checker.check_group(fmt::format("clients[{}]", i), i);
  }
}

}  // namespace scenarios
