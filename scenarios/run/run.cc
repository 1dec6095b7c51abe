#include "scenarios/run/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "scenarios/cluster/layout_check.h"
#include "scenarios/cluster/notes.h"
#include "scenarios/run/group.h"
#include "scenarios/spec_printer.h"
#include "stripe/layout/setstripe.h"

namespace scenarios {
namespace {

std::string group_path(std::size_t index) { return fmt::format("clients[{}]", index); }

WorldParams world_params(const Scenario& scenario) {
  WorldParams params;
  params.seed = scenario.seed;
  params.hardware = scenario.cluster.hardware;
  for (const ClientGroup& group : scenario.clients) {
    params.longest_timeout = std::max(params.longest_timeout, group.design.rpc_timeout);
  }
  return params;
}

// A run from its parts to its record. Members are in the order in which they must come and go.
class Run {
 public:
  Run(const Scenario& scenario, const RunHooks& hooks)
      : scenario_(scenario),
        hooks_(hooks),
        world_(scenario.world == World::sim ? make_sim_world(world_params(scenario))
                                            : make_socket_world(world_params(scenario))) {
    if (keeps_contents()) {
      watch_.verifier = &verifier_;
    }
    watch_.phase_begins = [this](const std::string& label) {
      meter_.begins(label, [this] { return snapshot(); });
    };
    watch_.phase_ended = [this](const std::string& label) { meter_.ended(label, snapshot()); };
  }

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
      groups_.push_back(std::make_unique<Group>(scenario_, spec, *cluster_, std::move(*workload),
                                                clients, watch_));
      const sim::Status mounted = groups_.back()->mount();
      if (!mounted.ok()) {
        return mounted;
      }
      clients += static_cast<std::uint32_t>(groups_.back()->mounts().size());
      const auto planned = planned_operations(groups_.back()->workload());
      operations_ = planned && operations_ ? std::optional(*operations_ + *planned) : std::nullopt;
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
    add_cluster_notes(result);
    result.phases = assemble(measured, meter_);
    std::ranges::move(verification_errors(result.phases), std::back_inserter(result.errors));
    add_remarks(result);
    return result;
  }

 private:
  bool keeps_contents() const { return scenario_.cluster.hardware.store != StoreKind::modelled; }

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
        now.over_fetched += stats.over_fetched;
        now.dirty += mount->write_back().dirty();
      }
    }
    return now;
  }

  // On the run as a whole.
  void add_remarks(reports::Result& result) {
    const auto checks = [](const auto& group) { return group->workload().plan().verifies; };
    if (!keeps_contents() && std::ranges::any_of(groups_, checks)) {
      result.notes.push_back(
          "-W and -R compared nothing: modelled stores keep no contents; "
          "--set cluster.overrides.store=memory");
    }
    if (watch_.unflushed.count() > 0) {
      result.notes.push_back(fmt::format(
          "{} reads ({}) were of data that another client had written and not brought to the "
          "servers: there are no locks that would have it done, so they got old data or zeros, at "
          "a speed that means nothing; add -e to the writer's IOR line",
          watch_.unflushed.count(), sim::format_bytes(watch_.unflushed.bytes())));
    }
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

  // What of the scenario cannot act, each thing once.
  void add_cluster_notes(reports::Result& result) const {
    std::set<std::string> layouts;
    for (const auto& group : groups_) {
      for (const FileSpec& file : group->workload().plan().files) {
        layouts.insert(file.layout);
      }
    }
    for (const ClientGroup& group : scenario_.clients) {
      layouts.insert(scenario_.layout_of(group));
    }
    std::vector<std::string> notes = world_notes(scenario_);
    for (const std::string& layout : layouts) {
      std::ranges::copy(layout_notes(stripe::parse_setstripe(layout).value(), scenario_.cluster),
                        std::back_inserter(notes));
    }
    for (const std::string& note : notes) {
      if (std::ranges::count(result.notes, note) == 0) {
        result.notes.push_back(note);
      }
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
  GroupWatch watch_;
  Meter meter_;
  std::vector<std::unique_ptr<Group>> groups_;
  std::unique_ptr<sim::TaskGroup> tasks_;
  sim::Status prepared_;
  std::optional<std::uint64_t> operations_ = 0;
};

}  // namespace

sim::Status check_workloads(const Scenario& scenario) {
  std::string faults;
  const auto fault = [&faults](const std::string& path, const sim::Error& error) {
    faults += fmt::format("{}{}: {}", faults.empty() ? "" : "\n", path, error.message);
  };
  const auto check_layout = [&](const std::string& path, const std::string& layout) {
    const auto parsed = stripe::parse_setstripe(layout);
    const sim::Status fits =
        parsed.ok() ? scenarios::check_layout(*parsed, scenario.cluster) : parsed.error();
    if (!fits.ok()) {
      fault(path, fits.error());
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
