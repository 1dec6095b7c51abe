#include <algorithm>

#include "stripe/client/content.h"
#include "stripe/client/lov.h"

namespace stripe {
namespace {

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

// What the parts of a read amount to.
struct Arrived {
  sim::Errc status = sim::Errc::ok;
  sim::Bytes end = 0;       // where the data ends: the end asked for, or the first error
  bool short_part = false;  // something was not there: a hole, or behind the end of the file
  bool content = false;     // some part knows its contents
  sim::Bytes received = 0;
};

void note_error(Arrived& arrived, sim::Errc status, sim::Bytes at) {
  if (arrived.status == sim::Errc::ok || at < arrived.end) {
    arrived.status = status;
    arrived.end = std::min(arrived.end, at);
  }
}

Arrived look_at(Inode& inode, const SplitPlan& plan, const std::vector<Transfer>& parts,
                sim::Extent want, std::uint32_t cut) {
  Arrived arrived;
  arrived.end = want.end;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const SubRequest& request = plan.requests[i];
    const Transfer& part = parts[i];
    if (part.status != sim::Errc::ok) {
      note_error(arrived, part.status,
                 std::max(plan.pieces_of(request).front().file_offset, want.begin));
      continue;
    }
    const Component& component = inode.layout.components[request.component];
    const auto reach =
        component.geometry().object_size_to_file_size(request.stripe, part.info.size);
    if (reach.ok()) {
      inode.reaches(*reach, cut);
    }
    arrived.short_part |= part.data.size() < request.payload;
    arrived.content |= part.data.has_content();
    arrived.received += part.data.size();
  }
  for (const Missing& missing : plan.missing) {
    if (missing.reason == MissingReason::released) {
      note_error(arrived, sim::Errc::io_error, missing.file.begin);
    } else {
      arrived.short_part = true;
    }
  }
  return arrived;
}

// Puts the parts together in the order of the file, holes as zeros, up to `end`.
transport::Payload gather(const Inode& inode, const SplitPlan& plan,
                          const std::vector<Transfer>& parts, sim::Bytes begin, sim::Bytes end) {
  struct Source {
    const Piece* piece;
    const SubRequest* request;
    const Transfer* part;
  };
  std::vector<Source> sources;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    for (const Piece& piece : plan.pieces_of(plan.requests[i])) {
      sources.push_back({&piece, &plan.requests[i], &parts[i]});
    }
  }
  std::ranges::sort(sources, {}, [](const Source& s) { return s.piece->file_offset; });
  transport::Payload data;
  sim::Bytes at = begin;
  for (const Source& source : sources) {
    const Piece& piece = *source.piece;
    if (piece.file_offset >= end) {
      break;
    }
    data.append(transport::Payload::zeros(piece.file_offset - at));
    const Placed placed = place(plan, *source.request, *source.part, piece);
    const sim::Bytes usable = std::min(placed.length, end - piece.file_offset);
    append_content(data, source.part->data, placed.begin, placed.begin + usable, inode.content_id(),
                   piece.file_offset);
    at = piece.file_offset + usable;
  }
  data.append(transport::Payload::zeros(end - at));
  return data;
}

}  // namespace

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
  const std::uint32_t cut = inode.cuts;
  std::vector<Transfer> parts;
  if (plan->requests.size() == 1) {
    parts.push_back(co_await read_part(*plan, plan->requests.front()));
  } else {
    std::vector<sim::Task<Transfer>> tasks;
    tasks.reserve(plan->requests.size());
    for (const SubRequest& request : plan->requests) {
      tasks.push_back(read_part(*plan, request));
    }
    parts = co_await run(tasks);
  }
  account(parts, timeline);
  Arrived arrived = look_at(inode, *plan, parts, want, cut);
  if (arrived.short_part && arrived.status == sim::Errc::ok) {
    const sim::Bytes eof = co_await end_of_file(inode, want.end, timeline);
    arrived.end = std::clamp(eof, want.begin, arrived.end);
  }
  outcome.status = arrived.status;
  outcome.bytes = arrived.end - want.begin;
  const bool unknown = !arrived.content && arrived.received > 0;
  outcome.data = unknown ? transport::Payload::unknown(outcome.bytes)
                         : gather(inode, *plan, parts, want.begin, arrived.end);
  timeline.finish(context_.loop.now());
  co_return outcome;
}

}  // namespace stripe
