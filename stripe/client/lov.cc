#include "stripe/client/lov.h"

#include <fmt/format.h>

#include <algorithm>

#include "stripe/client/content.h"
#include "stripe/layout/layout_size.h"

namespace stripe {
namespace {

// The file offset of the first byte a request is about.
sim::Bytes first_offset(const SplitPlan& plan, const SubRequest& request) {
  return plan.pieces_of(request).front().file_offset;
}

// Takes the account of the part that finished last; the others overlapped it.
void adopt_slowest(sim::Timeline& timeline, const std::vector<Transfer>& parts, sim::Stage next,
                   sim::TimePoint now) {
  const auto length = [](const Transfer& t) {
    sim::Duration sum;
    for (const sim::Timeline::Span& span : t.timeline.spans()) {
      sum += span.time;
    }
    return sum;
  };
  const auto slowest = std::ranges::max_element(parts, {}, length);
  if (slowest != parts.end()) {
    timeline.adopt(slowest->timeline, next, now);
  }
}

// Where of a request's payload a piece stands if every range was cut to `lengths`; how much of the
// piece is there.
struct Placed {
  sim::Bytes begin = 0;
  sim::Bytes length = 0;
};
Placed place(const SplitPlan& plan, const SubRequest& request, const Transfer& part,
             const Piece& piece) {
  sim::Bytes asked = 0;
  sim::Bytes got = 0;
  std::size_t i = 0;
  for (const WireRange& range : plan.ranges_of(request)) {
    const sim::Bytes length = i < part.lengths.size() ? part.lengths[i] : 0;
    ++i;
    if (piece.payload_offset < asked + range.length) {
      const sim::Bytes within = piece.payload_offset - asked;
      const sim::Bytes there = length > within ? std::min(piece.length, length - within) : 0;
      return {got + within, there};
    }
    asked += range.length;
    got += length;
  }
  return {};
}

}  // namespace

Lov::Lov(ClientContext& context, const ClusterMap& map) : context_(context), map_(map) {}

Osc& Lov::target(std::uint32_t index) {
  if (index == kMdtTarget) {
    if (!mdt_) {
      mdt_ = std::make_unique<Osc>(context_, map_.mdt, "MDT0000");
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
  }
  return *oscs_[index];
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

sim::Task<Transfer> Lov::read_part(const SplitPlan& plan, const SubRequest& request) {
  Niobufs ranges;
  for (const WireRange& range : plan.ranges_of(request)) {
    ranges.push_back({range.offset, range.length});
  }
  context_.stats.over_fetched += request.over_fetch;
  return target(request.target).read(request.object, std::move(ranges));
}

sim::Task<Transfer> Lov::write_part(const SplitPlan& plan, const SubRequest& request,
                                    std::uint64_t file, transport::Stamp stamp) {
  Niobufs ranges;
  transport::Payload data;
  for (const WireRange& range : plan.ranges_of(request)) {
    ranges.push_back({range.offset, range.length});
  }
  for (const Piece& piece : plan.pieces_of(request)) {
    data.append(transport::Payload({file, piece.file_offset, piece.length, stamp}));
  }
  return target(request.target).write(request.object, std::move(ranges), std::move(data), false);
}

sim::Task<std::vector<Transfer>> Lov::run(std::vector<sim::Task<Transfer>>& parts) {
  std::vector<Transfer> results;
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

// Only called when a part came back short: what lies behind it is a hole if the file goes on.
sim::Task<sim::Bytes> Lov::end_of_file(Inode& inode, sim::Bytes wanted_end,
                                       sim::Timeline& timeline) {
  if (inode.known_size < wanted_end) {
    timeline.enter(sim::Stage::metadata, context_.loop.now());
    const Outcome outcome = co_await glimpse(inode);
    timeline.adopt(outcome.timeline, sim::Stage::gather, context_.loop.now());
  }
  co_return inode.known_size;
}

sim::Task<Outcome> Lov::read(Inode& inode, sim::Extent want) {
  Outcome outcome;
  sim::Timeline& timeline = outcome.timeline;
  timeline = sim::Timeline(context_.loop.now(), sim::Stage::dispatch);
  PlanLease plan(context_);
  const sim::Extent extents[] = {want};
  const sim::Status status =
      split(inode.layout, extents, split_options(IoKind::read, inode.layout), *plan);
  if (!status.ok()) {
    outcome.status = status.code();
    co_return outcome;
  }
  std::vector<sim::Task<Transfer>> tasks;
  tasks.reserve(plan->requests.size());
  for (const SubRequest& request : plan->requests) {
    tasks.push_back(read_part(*plan, request));
  }
  std::vector<Transfer> parts = co_await run(tasks);
  if (context_.design.dispatch == Dispatch::parallel) {
    adopt_slowest(timeline, parts, sim::Stage::gather, context_.loop.now());
  } else {
    for (const Transfer& part : parts) {
      timeline.append(part.timeline, sim::Stage::gather, context_.loop.now());
    }
  }

  // Short parts, the end of the file, errors.
  sim::Bytes end = want.end;
  bool short_part = false;
  bool content = false;
  sim::Bytes received = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const SubRequest& request = plan->requests[i];
    const Transfer& part = parts[i];
    if (part.status != sim::Errc::ok) {
      const sim::Bytes at = std::max(first_offset(*plan, request), want.begin);
      if (outcome.status == sim::Errc::ok || at < end) {
        outcome.status = part.status;
        end = std::min(end, at);
      }
      continue;
    }
    const Component& component = inode.layout.components[request.component];
    const auto reach =
        component.geometry().object_size_to_file_size(request.stripe, part.info.size);
    if (reach.ok()) {
      inode.known_size = std::max(inode.known_size, *reach);
    }
    short_part |= part.data.size() < request.payload;
    content |= part.data.has_content();
    received += part.data.size();
  }
  for (const Missing& missing : plan->missing) {
    if (missing.reason == MissingReason::released) {
      outcome.status = sim::Errc::io_error;
      end = std::min(end, missing.file.begin);
    } else {
      short_part = true;
    }
  }
  if (short_part && outcome.status == sim::Errc::ok) {
    const sim::Bytes eof = co_await end_of_file(inode, want.end, timeline);
    end = std::clamp(eof, want.begin, end);
  }
  outcome.bytes = end - want.begin;

  if (!content && received > 0) {
    outcome.data = transport::Payload::unknown(outcome.bytes);
  } else {
    struct Source {
      const Piece* piece;
      const SubRequest* request;
      const Transfer* part;
    };
    std::vector<Source> sources;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      for (const Piece& piece : plan->pieces_of(plan->requests[i])) {
        sources.push_back({&piece, &plan->requests[i], &parts[i]});
      }
    }
    std::ranges::sort(sources, {}, [](const Source& s) { return s.piece->file_offset; });
    sim::Bytes at = want.begin;
    for (const Source& source : sources) {
      const Piece& piece = *source.piece;
      if (piece.file_offset >= end) {
        break;
      }
      if (piece.file_offset > at) {
        outcome.data.append(transport::Payload::zeros(piece.file_offset - at));
      }
      const Placed placed = place(*plan, *source.request, *source.part, piece);
      const sim::Bytes usable = std::min(placed.length, end - piece.file_offset);
      append_content(outcome.data, source.part->data, placed.begin, placed.begin + usable,
                     inode.content_id(), piece.file_offset);
      at = piece.file_offset + usable;
    }
    if (at < end) {
      outcome.data.append(transport::Payload::zeros(end - at));
    }
  }
  timeline.finish(context_.loop.now());
  co_return outcome;
}

sim::Task<Outcome> Lov::write(Inode& inode, sim::Extent range, transport::Stamp stamp) {
  Outcome outcome;
  sim::Timeline& timeline = outcome.timeline;
  timeline = sim::Timeline(context_.loop.now(), sim::Stage::dispatch);
  PlanLease plan(context_);
  const sim::Extent extents[] = {range};
  const sim::Status status =
      split(inode.layout, extents, split_options(IoKind::write, inode.layout), *plan);
  if (!status.ok() || !plan->missing.empty()) {
    outcome.status = status.ok() ? sim::Errc::too_large : status.code();
    co_return outcome;
  }
  std::vector<sim::Task<Transfer>> tasks;
  tasks.reserve(plan->requests.size());
  for (const SubRequest& request : plan->requests) {
    tasks.push_back(write_part(*plan, request, inode.content_id(), stamp));
  }
  const std::vector<Transfer> parts = co_await run(tasks);
  if (context_.design.dispatch == Dispatch::parallel) {
    adopt_slowest(timeline, parts, sim::Stage::gather, context_.loop.now());
  } else {
    for (const Transfer& part : parts) {
      timeline.append(part.timeline, sim::Stage::gather, context_.loop.now());
    }
  }
  sim::Bytes end = range.end;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const sim::Bytes at = first_offset(*plan, plan->requests[i]);
    if (parts[i].status != sim::Errc::ok && (outcome.ok() || at < end)) {
      outcome.status = parts[i].status;
      end = at;
    }
  }
  outcome.bytes = end - range.begin;
  if (outcome.bytes > 0) {
    inode.known_size = std::max(inode.known_size, end);
  }
  timeline.finish(context_.loop.now());
  co_return outcome;
}

sim::Task<Outcome> Lov::glimpse(Inode& inode) {
  return for_all_objects(inode, ObjectOp::glimpse, 0);
}
sim::Task<Outcome> Lov::punch(Inode& inode, sim::Bytes size) {
  return for_all_objects(inode, ObjectOp::punch, size);
}
sim::Task<Outcome> Lov::sync(Inode& inode) { return for_all_objects(inode, ObjectOp::sync, 0); }

sim::Task<Outcome> Lov::for_all_objects(Inode& inode, ObjectOp op, sim::Bytes size) {
  Outcome outcome;
  outcome.timeline = sim::Timeline(context_.loop.now(), sim::Stage::dispatch);
  std::vector<ObjectSize> objects;
  const std::size_t mirror = pick_mirror(inode.layout, kComponentPreferRead);
  object_sizes(inode.layout, mirror, size, objects);
  std::vector<sim::Task<Transfer>> tasks;
  for (const ObjectSize& entry : objects) {
    const Component& component = inode.layout.components[entry.component];
    const bool on_mdt = component.on_mdt();
    Osc& osc = target(on_mdt ? kMdtTarget : component.objects[entry.stripe].ost_index);
    const ObjectId object = on_mdt ? component.owner : component.objects[entry.stripe].id;
    switch (op) {
      case ObjectOp::glimpse:
        tasks.push_back(osc.getattr(object));
        break;
      case ObjectOp::punch:
        tasks.push_back(osc.punch(object, entry.size));
        break;
      case ObjectOp::sync:
        tasks.push_back(osc.sync(object));
        break;
    }
  }
  const std::vector<Transfer> parts = co_await run(tasks);
  adopt_slowest(outcome.timeline, parts, sim::Stage::gather, context_.loop.now());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].status != sim::Errc::ok && outcome.ok()) {
      outcome.status = parts[i].status;
    }
    objects[i].size = parts[i].info.size;
  }
  if (outcome.ok() && op == ObjectOp::glimpse) {
    const auto total = file_size(inode.layout, objects);
    outcome.bytes = total.ok() ? *total : 0;
    inode.known_size = std::max(inode.known_size, outcome.bytes);
  }
  outcome.timeline.finish(context_.loop.now());
  co_return outcome;
}

}  // namespace stripe
