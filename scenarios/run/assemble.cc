#include "scenarios/run/assemble.h"

#include <fmt/core.h>

#include <algorithm>

#include "reports/collect.h"
#include "reports/limiting.h"
#include "stripe/protocol/opcodes.h"

namespace scenarios {
namespace {

// Of thousands of nodes' resources only the busiest say something.
constexpr std::size_t kResourcesReported = 48;

// One phase of one group.
struct Part {
  const GroupMeasured* group;
  std::size_t group_number;
  const PhaseRecord* record;
};

std::vector<Part> parts_of(const std::vector<GroupMeasured>& groups, const std::string& label) {
  std::vector<Part> parts;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const GroupMeasured& group = groups[g];
    const Plan& plan = group.workload->plan();
    for (std::uint32_t p = 0; p < plan.phases.size(); ++p) {
      const PhaseRecord& record = group.recorder->phases()[p];
      if (record.ops > 0 && phase_label(plan, p) == label) {
        parts.push_back({&group, g, &record});
      }
    }
  }
  return parts;
}

reports::Tail tail_of(const std::vector<Part>& parts, sim::TimePoint start) {
  reports::Tail tail;
  tail.first_done = sim::Duration::max();
  std::uint32_t number = 0;
  for (const Part& part : parts) {
    for (const PhaseRecord::RankTimes& rank : part.record->ranks) {
      const std::uint32_t self = number++;
      if (!rank.active) {
        continue;
      }
      ++tail.ranks;
      tail.first_done = std::min(tail.first_done, rank.last - start);
      tail.last_done = std::max(tail.last_done, rank.last - start);
      if (rank.last - rank.first > tail.slowest_rank_time) {
        tail.slowest_rank_time = rank.last - rank.first;
        tail.slowest_rank = self;
      }
    }
  }
  tail.first_done = std::min(tail.first_done, tail.last_done);
  return tail;
}

reports::GroupResult group_result(const Part& part) {
  reports::GroupResult result;
  result.name = part.group->name;
  result.design = part.group->design;
  result.clients = part.group->clients;
  result.bytes = part.record->bytes;
  result.ops = part.record->ops;
  result.time = part.record->end() - part.record->start();
  result.tail = tail_of({part}, part.record->start());
  return result;
}

void add_measurements(const std::vector<Part>& parts, reports::PhaseResult& phase) {
  std::array<sim::Histogram, kOpKinds> latency;
  sim::StageTimes foreground{};
  VerifyCount verify;
  phase.start = sim::TimePoint::max();
  for (const Part& part : parts) {
    phase.bytes += part.record->bytes;
    phase.ops += part.record->ops;
    phase.start = std::min(phase.start, part.record->start());
    phase.end = std::max(phase.end, part.record->end());
    for (std::size_t k = 0; k < kOpKinds; ++k) {
      latency[k].merge(part.record->latency[k]);
    }
    for (std::size_t s = 0; s < sim::kStages; ++s) {
      foreground[s] += part.record->foreground[s];
    }
    verify.words_checked += part.record->verify.words_checked;
    verify.words_bad += part.record->verify.words_bad;
    phase.groups.push_back(group_result(part));
  }
  phase.tail = tail_of(parts, phase.start);
  for (std::size_t k = 0; k < kOpKinds; ++k) {
    if (latency[k].count() > 0) {
      phase.latency.push_back(
          reports::summarize(std::string(op_kind_name(static_cast<OpKind>(k))), latency[k]));
    }
  }
  phase.foreground = reports::stage_times(foreground);
  if (verify.words_checked > 0) {
    phase.verification = reports::Verification{verify.words_checked, verify.words_bad};
  }
}

void add_traffic(const Snapshot& begin, const Snapshot& end, reports::PhaseResult& phase) {
  for (const transport::Opcode opcode : stripe::all_opcodes()) {
    const auto of = [&](const Snapshot& s) {
      return s.traffic.of(transport::MessageKind::request, opcode).messages;
    };
    if (of(end) > of(begin)) {
      phase.rpcs.push_back({std::string(stripe::opcode_name(opcode)), of(end) - of(begin)});
    }
  }
  phase.bulk_bytes = end.traffic.total().bulk_bytes - begin.traffic.total().bulk_bytes;
  phase.over_fetched_bytes = end.over_fetched - begin.over_fetched;
  phase.swapped_in_bytes = end.swapped_in - begin.swapped_in;
  phase.evicted_early_bytes = end.evicted_early - begin.evicted_early;
  phase.purges = end.purges - begin.purges;
  phase.failed_purges = end.failed_purges - begin.failed_purges;
  sim::StageTimes background = end.background;
  for (std::size_t s = 0; s < sim::kStages; ++s) {
    background[s] -= begin.background[s];
  }
  phase.background = reports::stage_times(background);
}

// `phase.groups` are of `parts`, in their order.
void add_invalidations(const std::vector<Part>& parts, const Snapshot& begin, const Snapshot& end,
                       reports::PhaseResult& phase) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t group = parts[i].group_number;
    phase.groups[i].false_invalidations = end.dropped_falsely[group] - begin.dropped_falsely[group];
    phase.false_invalidations += phase.groups[i].false_invalidations;
  }
}

void add_resources(const Snapshot& begin, const Snapshot& end, reports::PhaseResult& phase) {
  const sim::Duration period = end.at - begin.at;
  if (period <= sim::Duration()) {
    return;
  }
  std::map<std::string, const ResourceCounter*> before;
  for (const ResourceCounter& counter : begin.resources) {
    before.emplace(counter.name, &counter);
  }
  for (const ResourceCounter& counter : end.resources) {
    const auto was = before.find(counter.name);
    const bool known = was != before.end();
    const sim::Duration busy = counter.busy - (known ? was->second->busy : sim::Duration());
    const sim::Duration waited = counter.waited - (known ? was->second->waited : sim::Duration());
    if (busy > sim::Duration()) {
      const double share =
          static_cast<double>(busy.ns()) / (static_cast<double>(period.ns()) * counter.servers);
      phase.resources.push_back(
          {counter.name, counter.kind, std::min(1.0, share),
           static_cast<double>(waited.ns()) / static_cast<double>(period.ns())});
    }
  }
  std::ranges::stable_sort(phase.resources, std::greater<>(), &reports::ResourceUse::busy);
  if (phase.resources.size() > kResourcesReported) {
    phase.resources.resize(kResourcesReported);
  }
}

void add_osts(const Snapshot& begin, const Snapshot& end, reports::PhaseResult& phase) {
  const double seconds = phase.time().seconds();
  const sim::Duration period = end.at - begin.at;
  std::vector<double> bytes;
  std::vector<double> bandwidth;
  std::vector<double> busy;
  std::vector<double> rpcs;
  for (std::size_t i = 0; i < end.osts.size(); ++i) {
    const OstCounter& now = end.osts[i];
    const OstCounter was = i < begin.osts.size() ? begin.osts[i] : OstCounter();
    bytes.push_back(static_cast<double>(now.bytes - was.bytes));
    bandwidth.push_back(seconds > 0 ? bytes.back() / seconds : 0);
    rpcs.push_back(static_cast<double>(now.rpcs - was.rpcs));
    const double worked = static_cast<double>((now.device_busy - was.device_busy).ns());
    const double possible = static_cast<double>(period.ns()) * now.device_servers;
    busy.push_back(possible > 0 ? std::min(1.0, worked / possible) : 0);
  }
  if (bytes.empty() || std::ranges::all_of(rpcs, [](double n) { return n == 0; })) {
    return;
  }
  phase.per_ost = reports::PerOst{static_cast<std::uint32_t>(bytes.size()),
                                  reports::ost_range(bytes), reports::ost_range(bandwidth),
                                  reports::ost_range(busy), reports::ost_range(rpcs)};
}

}  // namespace

std::string phase_label(const Plan& plan, std::uint32_t phase) {
  const Phase& self = plan.phases[phase];
  std::uint32_t before = 0;
  std::uint32_t all = 0;
  for (std::uint32_t p = 0; p < plan.phases.size(); ++p) {
    if (plan.phases[p].name == self.name) {
      before += p < phase ? 1 : 0;
      ++all;
    }
  }
  return all > 1 ? fmt::format("{}.{}", self.name, before + 1) : self.name;
}

std::vector<std::string> verification_errors(const std::vector<reports::PhaseResult>& phases) {
  std::vector<std::string> errors;
  for (const reports::PhaseResult& phase : phases) {
    if (phase.verification && phase.verification->words_bad > 0) {
      errors.push_back(
          fmt::format("{}: {} of {} words read are not what was written to their place", phase.name,
                      phase.verification->words_bad, phase.verification->words_checked));
    }
  }
  return errors;
}

std::vector<reports::PhaseResult> assemble(const std::vector<GroupMeasured>& groups,
                                           const Meter& meter) {
  std::vector<reports::PhaseResult> phases;
  for (const std::string& label : meter.labels()) {
    const std::vector<Part> parts = parts_of(groups, label);
    if (parts.empty()) {
      continue;
    }
    const Meter::Period& period = meter.period(label);
    reports::PhaseResult& phase = phases.emplace_back();
    phase.name = label;
    add_measurements(parts, phase);
    add_traffic(period.begin, period.end, phase);
    add_invalidations(parts, period.begin, period.end, phase);
    add_resources(period.begin, period.end, phase);
    add_osts(period.begin, period.end, phase);
    phase.limit = reports::find_limit(phase.resources, phase.foreground);
  }
  return phases;
}

}  // namespace scenarios
