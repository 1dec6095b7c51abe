#include "scenarios/cluster/fault_plan.h"

#include <fmt/core.h>

namespace scenarios {

sim::Result<std::unique_ptr<FaultPlan>> FaultPlan::make(Cluster& cluster,
                                                        const std::vector<FaultSpec>& faults) {
  std::unique_ptr<FaultPlan> plan(new FaultPlan(cluster));
  std::string missing;
  const auto node = [&](const std::string& name) {
    const auto found = cluster.node_called(name);
    missing = found ? missing : name;
    return found.value_or(0);
  };
  for (const FaultSpec& fault : faults) {
    Planned planned{&fault};
    const auto& link = fault.link_down ? fault.link_down : fault.link_delay;
    if (link) {
      planned.a = node(link->from);
      planned.b = node(link->to);
    } else {
      planned.a = node(fault.restart.empty() ? fault.silent_client : fault.restart);
    }
    plan->planned_.push_back(planned);
  }
  if (!missing.empty()) {
    return sim::Error{sim::Errc::not_found,
                      fmt::format("faults: there is no node \"{}\" in this run", missing)};
  }
  return plan;
}

void FaultPlan::start() {
  for (const Planned& planned : planned_) {
    tasks_.spawn(carry_out(planned), "a fault", sim::TaskKind::daemon);
  }
}

sim::Task<void> FaultPlan::carry_out(Planned planned) {
  sim::Loop& loop = cluster_.world().loop();
  const sim::TimePoint begin = sim::TimePoint() + planned.spec->at;
  co_await sim::sleep_until(loop, begin);
  change(planned, true);
  co_await sim::sleep_until(loop, begin + planned.spec->duration);
  change(planned, false);
}

void FaultPlan::change(const Planned& planned, bool begins) {
  transport::FaultyNetwork& network = cluster_.world().network();
  const FaultSpec& spec = *planned.spec;
  if (!spec.silent_client.empty()) {
    network.silence(planned.a, begins);
  } else if (spec.link_down) {
    network.cut(planned.a, planned.b, begins);
  } else if (spec.link_delay) {
    const sim::Duration delay = spec.link_delay->delay;
    network.slow(planned.a, planned.b, begins ? delay : sim::Duration() - delay);
  } else if (planned.a == 0) {
    begins ? cluster_.stop_mds() : cluster_.start_mds();
  } else {
    begins ? cluster_.stop_oss(planned.a - 1) : cluster_.start_oss(planned.a - 1);
  }
}

}  // namespace scenarios
