#include "scenarios/run/run.h"

#include <fmt/format.h>

#include "scenarios/run/group.h"
#include "scenarios/spec_printer.h"
#include "stripe/layout/setstripe.h"

namespace scenarios {
namespace {

std::string group_path(std::size_t index) { return fmt::format("clients[{}]", index); }

// A run from its parts to its record. Members are in the order in which they must come and go.
class Run {
 public:
  Run(const Scenario& scenario, const RunHooks& hooks)
      : scenario_(scenario),
        hooks_(hooks),
        world_(scenario.world == World::sim
                   ? make_sim_world(scenario.seed, scenario.cluster.hardware.fabric)
                   : make_socket_world(scenario.seed)) {}

  sim::Status build() {
    auto cluster = Cluster::build(*world_, scenario_.cluster);
    if (!cluster.ok()) {
      return cluster.error();
    }
    cluster_ = std::move(*cluster);
    std::uint32_t clients = 1;  // mount 0 is nobody: a stamp of zero means "not written"
    for (std::size_t i = 0; i < scenario_.clients.size(); ++i) {
      const ClientGroup& spec = scenario_.clients[i];
      auto workload = load_workload(spec, scenario_.directory, scenario_.seed);
      if (!workload.ok()) {
        return workload.error();
      }
      groups_.push_back(std::make_unique<Group>(
          scenario_, spec, *cluster_, std::move(*workload), clients,
          scenario_.verify ? &verifier_ : nullptr,
          [this](const std::string& label) { meter_.begins(label, [this] { return snapshot(); }); },
          [this](const std::string& label) { meter_.ended(label, snapshot()); }));
      const sim::Status mounted = groups_.back()->mount();
      if (!mounted.ok()) {
        return mounted;
      }
      clients += static_cast<std::uint32_t>(groups_.back()->mounts().size());
      for (const Totals& phase : groups_.back()->workload().summary().phases) {
        for (const std::uint64_t n : phase.ops) {
          operations_ += n;
        }
      }
    }
    return {};
  }

  sim::Status execute() {
    tasks_ = std::make_unique<sim::TaskGroup>(world_->loop());
    tasks_->spawn(prepare_and_start(), "preparation");
    const sim::Status ran = world_->run([this] { tell_progress(); });
    if (!ran.ok()) {
      return ran;
    }
    return prepared_;
  }

  reports::Result record() {
    reports::Result result;
    result.context.scenario = scenario_.name;
    result.context.scenario_hash = scenario_hash(scenario_);
    result.context.seed = scenario_.seed;
    result.context.world = scenario_.world == World::sim ? "sim" : "socket";
    result.context.events = world_->loop().events();
    result.context.digest = world_->loop().digest().value();
    std::vector<GroupMeasured> measured;
    for (const auto& group : groups_) {
      measured.push_back(group->measured());
      add_remarks(*group, result);
    }
    result.phases = assemble(measured, meter_);
    if (scenario_.cluster.hardware.store == StoreKind::modelled && scenario_.verify) {
      result.notes.push_back(
          "nothing was verified: modelled stores keep no contents; use \"store\": \"memory\"");
    }
    return result;
  }

 private:
  sim::Task<void> prepare_and_start() {
    for (const auto& group : groups_) {
      prepared_ = co_await group->prepare();
      if (!prepared_.ok()) {
        co_return;
      }
    }
    for (const auto& group : groups_) {
      group->start(*tasks_);
    }
  }

  Snapshot snapshot() {
    Snapshot now;
    now.at = world_->loop().now();
    now.resources = cluster_->resources();
    now.osts = cluster_->osts();
    now.traffic = world_->traffic();
    for (const auto& group : groups_) {
      for (const auto& mount : group->mounts()) {
        const stripe::ClientStats& stats = mount->context().stats;
        for (std::size_t s = 0; s < sim::kStages; ++s) {
          now.background[s] += stats.background[s];
        }
        now.over_fetched += stats.over_fetched + mount->cache().unused();
        now.dirty += mount->write_back().dirty();
      }
    }
    return now;
  }

  void add_remarks(const Group& group, reports::Result& result) {
    for (const std::string& error : group.recorder().errors()) {
      result.errors.push_back(error);
    }
    const std::uint64_t more = group.recorder().error_count() - group.recorder().errors().size();
    if (more > 0) {
      result.errors.push_back(fmt::format("and {} more failed operations", more));
    }
    for (const std::string& note : group.workload().plan().notes) {
      result.notes.push_back(note);
    }
    sim::Bytes dirty = 0;
    for (const auto& mount : group.mounts()) {
      dirty += mount->write_back().dirty();
    }
    if (dirty > 0) {
      result.notes.push_back(fmt::format(
          "{} of writes were still in client caches at the end: without fsync the write bandwidth "
          "is that of memory",
          sim::format_bytes(dirty)));
    }
    std::uint64_t undecodable = 0;
    for (const PhaseRecord& phase : group.recorder().phases()) {
      undecodable += phase.verify.words_undecodable;
    }
    if (undecodable > 0) {
      result.notes.push_back(fmt::format(
          "{} words could not be attributed to a write and were not verified", undecodable));
    }
  }

  void tell_progress() {
    if (!hooks_.progress) {
      return;
    }
    RunProgress progress;
    progress.operations_total = operations_;
    progress.now = world_->loop().now();
    for (const auto& group : groups_) {
      progress.operations_done += group->recorder().ops_done();
    }
    hooks_.progress(progress);
  }

  const Scenario& scenario_;
  const RunHooks& hooks_;
  std::unique_ptr<WorldModel> world_;
  std::unique_ptr<Cluster> cluster_;
  Verifier verifier_;
  Meter meter_;
  std::vector<std::unique_ptr<Group>> groups_;
  std::unique_ptr<sim::TaskGroup> tasks_;
  sim::Status prepared_;
  std::uint64_t operations_ = 0;
};

}  // namespace

sim::Status check_workloads(const Scenario& scenario) {
  std::string faults;
  const auto fault = [&faults](const std::string& path, const sim::Error& error) {
    faults += fmt::format("{}{}: {}", faults.empty() ? "" : "\n", path, error.message);
  };
  const auto check_layout = [&](const std::string& path, const std::string& layout) {
    const auto parsed = stripe::parse_setstripe(layout);
    if (!parsed.ok()) {
      fault(path, parsed.error());
    }
  };
  check_layout("layout", scenario.layout);
  for (std::size_t i = 0; i < scenario.clients.size(); ++i) {
    const ClientGroup& group = scenario.clients[i];
    check_layout(group_path(i) + ".layout", group.layout);
    const auto workload = load_workload(group, scenario.directory, scenario.seed);
    if (!workload.ok()) {
      fault(group_path(i) + ".workload", workload.error());
      continue;
    }
    for (const FileSpec& file : (*workload)->plan().files) {
      check_layout(fmt::format("{}.workload: layout of {}", group_path(i), file.name), file.layout);
    }
  }
  return faults.empty() ? sim::Status()
                        : sim::Status(sim::Error{sim::Errc::invalid_argument, std::move(faults)});
}

sim::Result<reports::Result> run_scenario(const Scenario& scenario, const RunHooks& hooks) {
  const sim::Status checked = check_workloads(scenario);
  if (!checked.ok()) {
    return checked.error();
  }
  Run run(scenario, hooks);
  sim::Status status = run.build();
  if (status.ok()) {
    status = run.execute();
  }
  if (!status.ok()) {
    return status.error();
  }
  return run.record();
}

}  // namespace scenarios
