#include "stripe/client/lov.h"

#include <fmt/core.h>

#include <algorithm>

namespace stripe {

Lov::Lov(ClientContext& context, Mdc& mdc, const ClusterMap& map)
    : context_(context), mdc_(mdc), map_(map) {}

Osc& Lov::target(std::uint32_t index) {
  if (index == kMdtTarget) {
    if (!mdt_) {
      mdt_ = std::make_unique<Osc>(context_, mdc_.import(), mdc_.data_slots());
      mdc_.set_undone_hook(undone_writes());
      if (target_hook_) {
        target_hook_(index);
      }
    }
    return *mdt_;
  }
  sim::check(index < map_.osts.size(), "a layout names an OST that does not exist");
  if (oscs_.empty()) {
    oscs_.resize(map_.osts.size());
  }
  if (!oscs_[index]) {
    oscs_[index] =
        std::make_unique<Osc>(context_, map_.osts[index], fmt::format("OST{:04x}", index));
    oscs_[index]->import().set_undone_hook(undone_writes());
    if (target_hook_) {
      target_hook_(index);
    }
  }
  return *oscs_[index];
}

// Real bytes do not say whose they are; only modelled servers can lose what they had accepted.
transport::Import::Undone Lov::undone_writes() {
  using transport::Payload;
  return [this](transport::Opcode opcode, const transport::Body&, const Payload& bulk,
                const Payload* superseded) {
    if (opcode != kOstWrite || !undone_hook_) {
      return;
    }
    for (const transport::ContentRun& run : bulk.runs()) {
      const sim::Extent gone{run.offset, run.offset + run.length};
      undone_hook_(run.file, gone, run.stamp);
      if (superseded != nullptr) {
        for (const transport::ContentRun& old : superseded->runs()) {
          const sim::Extent both = gone.intersect({old.offset, old.offset + old.length});
          if (!both.empty()) {
            undone_hook_(old.file, both, old.stamp);
          }
        }
      }
    }
  };
}

SplitOptions Lov::split_options(IoKind kind, const Layout& layout) const {
  SplitOptions options;
  options.kind = kind;
  options.coalesce = context_.design.coalesce;
  options.limits = context_.design.coalesce_limits;
  if (kind == IoKind::write && options.coalesce == Coalesce::read_through) {
    options.coalesce = Coalesce::adjacent;
  }
  options.max_rpc = context_.design.max_rpc_size;
  options.mirror = layout.components.size() == 1
                       ? 0
                       : pick_mirror(layout, kind == IoKind::read ? kComponentPreferRead
                                                                  : kComponentPreferWrite);
  return options;
}

sim::Task<Transfer> Lov::read_part(const SplitPlan& plan, const SubRequest& request,
                                   bool server_lock) {
  Niobufs ranges;
  for (const WireRange& range : plan.ranges_of(request)) {
    ranges.push_back({range.offset, range.length});
  }
  context_.stats.over_fetched += request.over_fetch;
  return target(request.target).read(request.object, std::move(ranges), server_lock);
}

sim::Task<Transfer> Lov::write_part(const SplitPlan& plan, const SubRequest& request,
                                    const Inode& inode, transport::Stamp stamp, bool server_lock) {
  Niobufs ranges;
  transport::Payload data;
  for (const WireRange& range : plan.ranges_of(request)) {
    ranges.push_back({range.offset, range.length});
  }
  for (const Piece& piece : plan.pieces_of(request)) {
    data.append(transport::Payload({inode.content_id(), piece.file_offset, piece.length, stamp}));
  }
  WriteTerms terms;
  terms.server_lock = server_lock;
  return target(request.target)
      .write(request.object, std::move(ranges), std::move(data), inode.mtime_ns, terms);
}

sim::Task<Transfers> Lov::run(TransferTasks& parts) {
  Transfers results;
  results.reserve(parts.size());
  if (context_.design.dispatch == Dispatch::parallel && parts.size() > 1) {
    co_await sim::when_all(context_.loop, parts);
    for (sim::Task<Transfer>& part : parts) {
      results.push_back(part.take());
    }
    co_return results;
  }
  for (sim::Task<Transfer>& part : parts) {
    results.push_back(co_await part);
  }
  co_return results;
}

// Parts under way together: the one that finished last is what the whole waited for. Parts one
// after another: all of them.
void Lov::account(const Transfers& parts, sim::Timeline& timeline) const {
  const sim::TimePoint now = context_.loop.now();
  if (context_.design.dispatch == Dispatch::serial) {
    for (const Transfer& part : parts) {
      timeline.append(part.timeline, sim::Stage::gather, now);
    }
    return;
  }
  const auto slowest = std::ranges::max_element(
      parts, {}, [](const Transfer& part) { return part.timeline.total(); });
  if (slowest != parts.end()) {
    timeline.adopt(slowest->timeline, sim::Stage::gather, now);
  }
}

sim::Task<Outcome> Lov::write(Inode& inode, sim::Extent range, transport::Stamp stamp,
                              bool server_lock) {
  Outcome outcome;
  sim::Timeline& timeline = outcome.timeline;
  timeline = sim::Timeline(context_.loop.now(), sim::Stage::dispatch);
  PlanLease plan(context_);
  const sim::Extent extents[] = {range};
  const std::uint32_t cut = inode.cuts;
  const sim::Status status =
      split(inode.layout, extents, split_options(IoKind::write, inode.layout), *plan);
  if (!status.ok() || !plan->missing.empty()) {
    outcome.status = status.ok() ? sim::Errc::too_large : status.code();
    co_return outcome;
  }
  TransferTasks tasks;
  tasks.reserve(plan->requests.size());
  for (const SubRequest& request : plan->requests) {
    tasks.push_back(write_part(*plan, request, inode, stamp, server_lock));
  }
  const Transfers parts = co_await run(tasks);
  account(parts, timeline);
  sim::Bytes end = range.end;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const sim::Bytes at = plan->pieces_of(plan->requests[i]).front().file_offset;
    if (parts[i].status != sim::Errc::ok && (outcome.ok() || at < end)) {
      outcome.status = parts[i].status;
      end = at;
    }
  }
  outcome.bytes = end - range.begin;
  if (outcome.bytes > 0) {
    inode.reaches(end, cut);
  }
  timeline.finish(context_.loop.now());
  co_return outcome;
}

sim::Task<Transfer> Lov::write_object(const Inode& inode, Osc& osc, ObjectId object,
                                      std::vector<WriteRpc> rpcs, WriteTerms terms) {
  Transfer whole;
  whole.timeline = sim::Timeline(context_.loop.now(), sim::Stage::dispatch);
  TransferTasks tasks;
  for (WriteRpc& rpc : rpcs) {
    sim::Bytes needed = 0;
    for (const Niobuf& range : rpc.ranges) {
      needed += ClientGrant::pages({range.offset, range.offset + range.length});
    }
    WriteTerms part = terms;
    part.granted = &rpc == &rpcs.back() ? terms.granted : std::min(needed, terms.granted);
    terms.granted -= part.granted;
    tasks.push_back(
        osc.write(object, std::move(rpc.ranges), std::move(rpc.data), inode.mtime_ns, part));
  }
  const Transfers parts = co_await run(tasks);
  account(parts, whole.timeline);
  for (const Transfer& part : parts) {
    whole.status = whole.status == sim::Errc::ok ? part.status : whole.status;
    whole.info = part.info;
  }
  whole.timeline.finish(context_.loop.now());
  co_return whole;
}

sim::Bytes Lov::reach_of_rpcs(const Inode& inode, sim::Bytes at) const {
  const std::size_t mirror = pick_mirror(inode.layout, kComponentPreferRead);
  const Component* component = inode.layout.component_at(at, mirror);
  const sim::Bytes stripes =
      component == nullptr || !component->holds_data() ? 1 : component->stripes();
  return context_.design.max_rpc_size * stripes;
}

}  // namespace stripe
