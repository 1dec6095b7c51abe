#include "scenarios/run/coherence.h"

#include <algorithm>
#include <string>

#include "scenarios/run/recorder.h"

namespace scenarios {
namespace {

// Every phase of every group is a group of reads to the checker: a cell.
class Cells {
 public:
  explicit Cells(const std::vector<GroupMeasured>& groups) : groups_(groups) {
    for (std::size_t g = 0; g < groups.size(); ++g) {
      first_.push_back(cells_);
      cells_ += static_cast<std::uint32_t>(groups[g].recorder->phases().size());
      group_of_client_.resize(groups[g].first_client + groups[g].clients);
      std::fill_n(group_of_client_.begin() + groups[g].first_client, groups[g].clients, g);
    }
  }

  std::uint32_t count() const { return std::max(cells_, 1u); }
  std::uint32_t cell(std::size_t group, std::size_t phase) const {
    return first_[group] + static_cast<std::uint32_t>(phase);
  }
  // The last phase of the client's group that had begun.
  std::uint32_t of(std::uint32_t client, sim::TimePoint at) const {
    const std::size_t group = group_of_client_[client];
    const auto& phases = groups_[group].recorder->phases();
    std::size_t last = 0;
    for (std::size_t p = 0; p < phases.size(); ++p) {
      last = phases[p].ops > 0 && phases[p].start() <= at ? p : last;
    }
    return cell(group, last);
  }

 private:
  const std::vector<GroupMeasured>& groups_;
  std::vector<std::uint32_t> first_;          // cell, by group
  std::vector<std::size_t> group_of_client_;  // by client
  std::uint32_t cells_ = 0;
};

reports::ReadStaleness staleness_of(const cachemodel::ReadCounts& counts) {
  reports::ReadStaleness result;
  result.reads = counts.reads;
  result.stale = counts.stale;
  result.stale_per_million = counts.stale_per_million();
  result.undecided = counts.undecided;
  result.age_p50 = counts.age.percentile(500000);
  result.age_p99 = counts.age.percentile(990000);
  result.age_max = counts.age.max();
  return result;
}

void add(cachemodel::ReadCounts& to, const cachemodel::ReadCounts& from) {
  to.reads += from.reads;
  to.stale += from.stale;
  to.undecided += from.undecided;
  to.age.merge(from.age);
}

reports::RegisterCoherence registers_of(const cachemodel::RegisterVerdict& verdict,
                                        sim::Duration bound) {
  reports::RegisterCoherence result;
  result.staleness = staleness_of(verdict.total);
  result.impossible = verdict.impossible;
  result.unexcused = verdict.unexcused;
  for (std::size_t g = 0; g < cachemodel::kGuarantees; ++g) {
    const auto guarantee = static_cast<cachemodel::Guarantee>(g);
    if (guarantee == cachemodel::Guarantee::bounded_staleness && bound == sim::Duration()) {
      continue;  // nobody has asked for it
    }
    result.guarantees.push_back({std::string(cachemodel::guarantee_name(guarantee)),
                                 verdict[guarantee].violations, verdict[guarantee].undecided});
  }
  return result;
}

reports::Coherence coherence_of(const cachemodel::Verdict& verdict, sim::Duration bound) {
  reports::Coherence result;
  result.blocks = registers_of(verdict.blocks, bound);
  result.sizes = registers_of(verdict.sizes, bound);
  result.mtimes = registers_of(verdict.mtimes, bound);
  result.undecodable = verdict.undecodable;
  result.lost = verdict.lost;
  result.lost_after_fsync = verdict.lost_after_fsync;
  result.failed_writes = verdict.failed_writes;
  result.unknown_writes = verdict.unknown_writes;
  result.unknown_seen = verdict.unknown_seen;
  // What is plainly stale is told first.
  for (const bool stale : {true, false}) {
    for (const cachemodel::Story& story : verdict.stories) {
      if (story.kind.starts_with("stale") == stale) {
        result.stories.push_back(story.text);
      }
    }
  }
  return result;
}

void add_to_phase(const std::vector<GroupMeasured>& groups, const Cells& cells,
                  const cachemodel::RegisterVerdict& blocks, reports::PhaseResult& phase) {
  cachemodel::ReadCounts all;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const Plan& plan = groups[g].workload->plan();
    for (std::uint32_t p = 0; p < plan.phases.size(); ++p) {
      const auto shown =
          std::ranges::find(phase.groups, groups[g].name, &reports::GroupResult::name);
      if (shown == phase.groups.end() || phase_label(plan, p) != phase.name) {
        continue;
      }
      const cachemodel::ReadCounts& counts = blocks.groups[cells.cell(g, p)];
      shown->coherence = staleness_of(counts);
      add(all, counts);
    }
  }
  phase.coherence = staleness_of(all);
}

}  // namespace

sim::Status judge_coherence(const std::vector<GroupMeasured>& groups, Witness& witness,
                            sim::Duration bound, reports::Result& result) {
  const Cells cells(groups);
  cachemodel::CheckOptions options;
  options.staleness_bound = bound;
  options.groups = cells.count();
  options.group_of = [&cells](std::uint32_t client, sim::TimePoint at) {
    return cells.of(client, at);
  };
  options.excuses = [&result](std::uint32_t client, const cachemodel::Call& call) {
    return result.liveness && std::ranges::any_of(result.liveness->evicted, [&](const auto& e) {
             return e.client == client && call.invoked <= e.until && e.at <= call.returned;
           });
  };
  const auto verdict = witness.judge(std::move(options));
  if (!verdict.ok()) {
    return verdict.error();
  }
  for (reports::PhaseResult& phase : result.phases) {
    add_to_phase(groups, cells, verdict->blocks, phase);
  }
  result.coherence = coherence_of(*verdict, bound);
  return {};
}

}  // namespace scenarios
