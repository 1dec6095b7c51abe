#include "scenarios/workload/sharing/sharing.h"

#include <fmt/core.h>

#include <utility>

#include "scenarios/workload/sharing/pattern.h"
#include "scenarios/workload/sharing/sharing_check.h"

namespace scenarios {
namespace {

// Files are opened once, by every rank for itself, unless every round opens its own.
bool opens_per_round(const SharingSpec& spec) {
  return spec.open_per_round || sharing_pattern(spec.pattern).visits;
}

class SharingStream : public OpStream {
 public:
  // `spec` outlives the stream.
  SharingStream(const SharingSpec& spec, const SharingMember& member, const sim::Rng& chance)
      : member_(member), round_(spec, member_, chance, opens_per_round(spec)) {
    ops_.emplace_back();
    open_or_close(OpKind::open);
    ops_.emplace_back().kind = OpKind::barrier;
    ops_.back().parties = member_.ranks;
  }

  bool next(Op& op) override {
    while (at_ == ops_.size()) {
      if (!advance()) {
        return false;
      }
    }
    op = ops_[at_++];
    done_ += op.kind == OpKind::read || op.kind == OpKind::write ? 1 : 0;
    return true;
  }

  // There is no loop to steer.
  void set_limit(std::uint64_t) override {}
  std::uint64_t transfers_done() const override { return done_; }
  void skip_phase() override {
    ended_ = true;
    at_ = ops_.size();
  }

 private:
  bool advance() {
    at_ = 0;
    ops_.clear();
    if (ended_) {
      return false;
    }
    if (rounds_ < round_.spec().rounds) {
      round_.begin(rounds_++);
      sharing_pattern(round_.spec().pattern).round(round_);
      ops_ = round_.ops();
    } else {
      ended_ = true;
      open_or_close(OpKind::close);
    }
    return true;
  }

  void open_or_close(OpKind kind) {
    for (std::uint32_t f = 0; !opens_per_round(round_.spec()) && f < round_.spec().files; ++f) {
      ops_.emplace_back().kind = kind;
      ops_.back().file = f;
    }
  }

  const SharingMember member_;
  SharingRound round_;
  std::uint64_t rounds_ = 0;
  bool ended_ = false;
  std::vector<Op> ops_;
  std::size_t at_ = 0;
  std::uint64_t done_ = 0;
};

class SharingWorkload : public Workload {
 public:
  SharingWorkload(Plan plan, const SharingSpec& spec, SharingSet set, std::size_t group,
                  std::uint64_t seed)
      : Workload(std::move(plan)), spec_(spec), set_(std::move(set)), group_(group), seed_(seed) {}

  std::unique_ptr<OpStream> stream(std::uint32_t rank) const override {
    const SharingMember member = set_.member(group_, rank);
    return std::make_unique<SharingStream>(
        spec_, member, sim::Rng(seed_).split("sharing " + spec_.name, member.rank));
  }

  Summary summary() const override {
    Totals totals;
    for (std::uint32_t rank = 0; rank < plan().ranks; ++rank) {
      add(set_.member(group_, rank), totals);
    }
    return {{totals}, totals};
  }

 private:
  void add(const SharingMember& member, Totals& totals) const {
    const SharingCounts n = sharing_pattern(spec_.pattern).counts(spec_, member);
    const std::uint64_t opens = opens_per_round(spec_) ? n.visits : spec_.files;
    totals.add(OpKind::phase, 1);
    totals.add(OpKind::open, opens);
    totals.add(OpKind::close, opens);
    totals.add(OpKind::barrier, 1 + n.meetings);
    totals.add(OpKind::read, n.reads);
    totals.add(OpKind::write, n.writes);
    totals.add(OpKind::fsync, spec_.fsync ? n.writes : 0);
    totals.add(OpKind::stat, n.stats);
    totals.add(OpKind::signal, n.signals);
    totals.add(OpKind::await, n.awaits);
    totals.add(OpKind::think, (spec_.think > sim::Duration() ? spec_.rounds : 0) +
                                  (spec_.delay > sim::Duration() ? n.delays : 0));
    totals.bytes_read += n.reads * spec_.record;
    totals.bytes_written += n.writes * spec_.record;
  }

  const SharingSpec spec_;
  const SharingSet set_;
  const std::size_t group_;  // in the set
  const std::uint64_t seed_;
};

Plan plan_of(const ClientGroup& group, const SharingSet& set, bool makes_files) {
  const SharingSpec& spec = *group.workload.sharing;
  const SharingPatternRow& row = sharing_pattern(spec.pattern);
  Plan plan;
  plan.ranks = group.ranks();
  for (std::uint32_t rank = 0; rank < plan.ranks; ++rank) {
    plan.node_of_rank.push_back(rank / group.ranks_per_node());
  }
  for (std::uint32_t f = 0; f < spec.files; ++f) {
    FileSpec& file = plan.files.emplace_back();
    file.name = fmt::format("/{}.{}", spec.name, f);
    if (makes_files) {
      file.preexisting_size = row.sized ? spec.file_size : 0;
    }
  }
  Phase& phase = plan.phases.emplace_back();
  phase.name = row.name;
  phase.ranks = plan.ranks;
  const std::uint64_t events = row.events == nullptr ? 0 : row.events(set.writers());
  plan.events = static_cast<std::uint32_t>(events * spec.rounds);
  return plan;
}

}  // namespace

sim::Result<std::unique_ptr<Workload>> sharing_workload(std::span<const ClientGroup> clients,
                                                        std::size_t group, std::uint64_t seed) {
  const SharingSpec& spec = *clients[group].workload.sharing;
  sim::Status status = check_sharing(spec);
  std::vector<SharingSet::Group> groups;
  std::size_t own = 0;
  for (std::size_t g = 0; g < clients.size(); ++g) {
    const auto& other = clients[g].workload.sharing;
    if (!other || other->name != spec.name) {
      continue;
    }
    own = g == group ? groups.size() : own;
    groups.push_back({other->role, clients[g].ranks()});
    status = status.ok() ? check_agreement(spec, *other) : status;
  }
  if (!status.ok()) {
    return status.error();
  }
  SharingSet set(groups, sharing_pattern(spec.pattern).split);
  status = check_members(spec, set);
  if (!status.ok()) {
    return status.error();
  }
  Plan plan = plan_of(clients[group], set, own == 0);
  return std::unique_ptr<Workload>(
      std::make_unique<SharingWorkload>(std::move(plan), spec, std::move(set), own, seed));
}

}  // namespace scenarios
