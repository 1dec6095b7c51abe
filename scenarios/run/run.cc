#include "scenarios/run/run.h"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <map>

#include "scenarios/cluster/fault_plan.h"
#include "scenarios/cluster/notes.h"
#include "scenarios/run/cache_notes.h"
#include "scenarios/run/check_layout.h"
#include "scenarios/run/check_workloads.h"
#include "scenarios/run/coherence.h"
#include "scenarios/run/farewell.h"
#include "scenarios/run/group.h"
#include "scenarios/run/load_workload.h"
#include "scenarios/spec_printer.h"

namespace scenarios {
namespace {

WorldParams world_params(const Scenario& scenario) {
  WorldParams params;
  params.seed = scenario.seed;
  params.hardware = scenario.cluster.hardware;
  for (const ClientGroup& group : scenario.clients) {
    params.longest_timeout = std::max(params.longest_timeout, group.design.rpc_timeout);
  }
  sim::Duration longest_fault;
  for (const FaultSpec& fault : scenario.faults) {
    longest_fault = std::max(longest_fault, fault.duration);
  }
  params.longest_timeout += longest_fault;
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
    if (scenario.judges_coherence()) {
      watch_.witness = &witness_.emplace(world_->loop());
    }
    watch_.phase_begins = [this](const std::string& label) {
      meter_.begins(label, [this] { return snapshot(); });
    };
    watch_.phase_ended = [this](const std::string& label) { meter_.ended(label, snapshot()); };
  }

  sim::Status build() {
    ClusterSpec servers = scenario_.cluster;
    // Who wrote what must be kept to be judged: in virtual time that is a few words for each write.
    servers.hardware.store = keeps_contents() ? StoreKind::memory : StoreKind::modelled;
    const auto restarts = [this](std::string_view server) {
      return std::ranges::any_of(scenario_.faults,
                                 [&](const FaultSpec& f) { return f.restart.starts_with(server); });
    };
    auto cluster = Cluster::build(*world_, servers, restarts("oss"), restarts("mds"));
    if (!cluster.ok()) {
      return cluster.error();
    }
    cluster_ = std::move(*cluster);
    std::uint32_t clients = 1;  // mount 0 is nobody: a stamp of zero means "not written"
    for (std::size_t i = 0; i < scenario_.clients.size(); ++i) {
      const ClientGroup& spec = scenario_.clients[i];
      auto loaded = load_workload(scenario_, i);
      if (!loaded.ok()) {
        return loaded.error();
      }
      if (loaded->input) {
        inputs_.emplace(i, *loaded->input);
      }
      groups_.push_back(std::make_unique<Group>(scenario_, spec, *cluster_,
                                                std::move(loaded->workload), clients,
                                                meets_of(spec), watch_));
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
    auto plan = FaultPlan::make(*cluster_, scenario_.faults);
    if (!plan.ok()) {
      return plan.error();
    }
    faults_ = std::move(*plan);
    faults_->start();
    const sim::Status ran = world_->run([this] { tell_progress(); });
    if (!ran.ok() || !prepared_.ok()) {
      return ran.ok() ? prepared_ : ran;
    }
    return farewell_.run(*world_, groups_);
  }

  sim::Result<reports::Result> record() {
    reports::Result result;
    result.context.scenario = scenario_.name;
    result.context.scenario_hash = hash();
    result.context.hardware = scenario_.cluster.hardware.name;
    result.context.seed = scenario_.seed;
    result.context.world = scenario_.world == World::sim ? "sim" : "socket";
    result.context.events = world_->loop().events();
    result.context.digest = world_->loop().digest().value();
    std::vector<GroupMeasured> measured;
    for (const auto& group : groups_) {
      measured.push_back(group->measured());
      add_remarks(*group, result);
    }
    std::ranges::move(world_notes(scenario_), std::back_inserter(result.notes));
    result.phases = assemble(measured, meter_);
    if (!scenario_.faults.empty() || farewell_.unmounted() > 0) {
      result.liveness = liveness_of(*cluster_, groups_, farewell_);
    }
    if (watch_.witness != nullptr) {
      const sim::Status judged =
          judge_coherence(measured, *watch_.witness, scenario_.staleness_bound, result);
      if (!judged.ok()) {
        return judged.error();
      }
    }
    std::ranges::move(verification_errors(result.phases), std::back_inserter(result.errors));
    add_remarks(result);
    return result;
  }

 private:
  bool keeps_contents() const {
    return scenario_.cluster.hardware.store != StoreKind::modelled || scenario_.judges_coherence();
  }

  // Where the ranks of a group wait for each other: those of one sharing set in one place.
  Rendezvous& meets_of(const ClientGroup& group) {
    const std::string place =
        group.workload.sharing ? "set " + group.workload.sharing->name : "group " + group.name;
    return rendezvous_.try_emplace(place, world_->loop()).first->second;
  }

  // The scenario's, with what its files hold in place of what they are called.
  std::string hash() const {
    Scenario asked = scenario_;
    for (const auto& [group, input] : inputs_) {
      WorkloadSpec& workload = asked.clients[group].workload;
      (workload.dxt.empty() ? workload.ior_script : workload.dxt) = fmt::format("{:016x}", input);
    }
    return scenario_hash(asked);
  }

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
    now.oss_cache = cluster_->oss_caches();
    now.traffic = world_->traffic();
    for (const auto& group : groups_) {
      std::uint64_t& dropped = now.dropped_falsely.emplace_back();
      for (const auto& mount : group->mounts()) {
        const stripe::ClientStats& stats = mount->context().stats;
        dropped += stats.pages_dropped_falsely;
        now.add(stats);
        now.over_fetched += mount->cache().unused();
        now.dirty += mount->write_back().dirty();
      }
    }
    return now;
  }

  // On the run as a whole.
  void add_remarks(reports::Result& result) {
    for (const reports::PhaseResult& phase : result.phases) {
      std::ranges::move(cache_notes(phase, meter_.period(phase.name)),
                        std::back_inserter(result.notes));
    }
    const auto checks = [](const auto& group) { return group->workload().plan().verifies; };
    if (!keeps_contents() && std::ranges::any_of(groups_, checks)) {
      result.notes.push_back(
          "-W and -R compared nothing: modelled stores keep no contents; "
          "--set cluster.overrides.store=memory");
    }
    farewell_.tell_leaks(result.errors);
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
    for (const std::string& layout :
         layouts_of(group.workload().plan(), scenario_.layout_of(group.spec()))) {
      for (const std::string& note : layout_notes(layout, scenario_.cluster)) {
        result.notes.push_back(note);
      }
    }
    const sim::Bytes dirty = farewell_.dirty(group);
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
  std::optional<Witness> witness_;
  GroupWatch watch_;
  Meter meter_;
  std::map<std::string, Rendezvous> rendezvous_;
  std::vector<std::unique_ptr<Group>> groups_;
  std::unique_ptr<FaultPlan> faults_;
  Farewell farewell_;
  std::unique_ptr<sim::TaskGroup> tasks_;
  sim::Status prepared_;
  std::map<std::size_t, std::uint64_t> inputs_;  // hashes of files, by group
  std::optional<std::uint64_t> operations_ = 0;
};

}  // namespace

sim::Result<reports::Result> run_scenario(const Scenario& scenario, const RunHooks& hooks) {
  Faults faults;
  check_workloads(scenario, scenario.name, faults);
  if (!faults.none()) {
    return faults.error();
  }
  Run run(scenario, hooks);
  sim::Status status = run.build();
  status = status.ok() ? run.execute() : status;
  if (!status.ok()) {
    return status.error();
  }
  return run.record();
}

}  // namespace scenarios
