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

// Where the bytes of one piece are.
struct Source {
  const Piece* piece;
  const SubRequest* request;
  const Transfer* part;
};
std::vector<Source> in_file_order(const SplitPlan& plan, const Transfers& parts) {
  std::vector<Source> sources;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    for (const Piece& piece : plan.pieces_of(plan.requests[i])) {
      sources.push_back({&piece, &plan.requests[i], &parts[i]});
    }
  }
  std::ranges::sort(sources, {}, [](const Source& s) { return s.piece->file_offset; });
  return sources;
}

// Puts the parts together in the order of the file, holes as zeros, up to `end`.
transport::Payload gather(std::uint64_t file, const SplitPlan& plan, const Transfers& parts,
                          const Extents& want, sim::Bytes end) {
  const std::vector<Source> sources = in_file_order(plan, parts);
  auto next = sources.begin();
  transport::Payload data;
  for (const sim::Extent& extent : want) {
    const sim::Bytes extent_end = std::clamp(end, extent.begin, extent.end);
    sim::Bytes at = extent.begin;
    for (; next != sources.end() && next->piece->file_offset < extent_end; ++next) {
      const Piece& piece = *next->piece;
      data.append(transport::Payload::zeros(piece.file_offset - at));
      const Placed placed = place(plan, *next->request, *next->part, piece);
      const sim::Bytes usable = std::min(placed.length, extent_end - piece.file_offset);
      append_content(data, next->part->data, placed.begin, placed.begin + usable, file,
                     piece.file_offset);
      at = piece.file_offset + usable;
    }
    data.append(transport::Payload::zeros(extent_end - at));
  }
  return data;
}

sim::Bytes bytes_before(const Extents& want, sim::Bytes end) {
  sim::Bytes bytes = 0;
  for (const sim::Extent& extent : want) {
    bytes += std::clamp(end, extent.begin, extent.end) - extent.begin;
  }
  return bytes;
}

}  // namespace

// What the parts of a read amount to.
struct Lov::Arrived {
  sim::Errc status = sim::Errc::ok;
  sim::Bytes end = 0;             // where the data ends: the end asked for, or the first error
  sim::Bytes absent = sim::kEof;  // the first byte that was not there: a hole, or behind the end
  sim::Bytes reach = 0;           // the file goes on to here at least: an object holds data there
  bool uninstantiated = false;    // a component had no objects, as far as this client knows
  bool content = false;           // some part knows its contents
  sim::Bytes received = 0;

  Arrived(const Inode& inode, const SplitPlan& plan, const Transfers& parts, sim::Bytes want_end)
      : end(want_end) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
      look_at(inode, plan, plan.requests[i], parts[i]);
    }
    for (const Missing& missing : plan.missing) {
      if (missing.reason == MissingReason::released) {
        fail(sim::Errc::io_error, missing.file.begin);
      } else {
        absent = std::min(absent, missing.file.begin);
        uninstantiated |= missing.reason == MissingReason::not_instantiated;
      }
    }
  }
  void look_at(const Inode& inode, const SplitPlan& plan, const SubRequest& request,
               const Transfer& part) {
    if (part.status != sim::Errc::ok) {
      fail(part.status, plan.pieces_of(request).front().file_offset);
      return;
    }
    const Component& component = inode.layout.components[request.component];
    const auto holds =
        component.geometry().object_size_to_file_size(request.stripe, part.info.size);
    reach = holds.ok() ? std::max(reach, *holds) : reach;
    content |= part.data.has_content();
    received += part.data.size();
    if (part.data.size() == request.payload) {
      return;
    }
    for (const Piece& piece : plan.pieces_of(request)) {
      const sim::Bytes there = place(plan, request, part, piece).length;
      if (there < piece.length) {
        absent = std::min(absent, piece.file_offset + there);
      }
    }
  }
  void fail(sim::Errc why, sim::Bytes at) {
    if (status == sim::Errc::ok || at < end) {
      status = why;
      end = std::min(end, at);
    }
  }
  // True if something is not there and no part tells whether the file goes on behind it.
  bool doubtful() const { return absent < end && reach < end; }
};

// What is not there is a hole if the file goes on behind it. Where it ends nothing can have failed.
sim::Task<void> Lov::find_end(Inode& inode, Arrived& arrived, sim::Timeline& timeline) {
  timeline.enter(sim::Stage::metadata, context_.loop.now());
  const Outcome outcome = co_await glimpse(inode);
  timeline.adopt(outcome.timeline, sim::Stage::gather, context_.loop.now());
  if (!outcome.ok()) {
    arrived.fail(outcome.status, std::max(arrived.absent, arrived.reach));
    co_return;
  }
  const sim::Bytes end = inode.has_dirty() ? inode.known_size : outcome.bytes;
  if (end <= arrived.end) {
    arrived.end = end;
    arrived.status = sim::Errc::ok;
  }
}

TransferTasks Lov::read_parts(const SplitPlan& plan, bool server_lock) {
  TransferTasks tasks;
  tasks.reserve(plan.requests.size());
  for (const SubRequest& request : plan.requests) {
    tasks.push_back(read_part(plan, request, server_lock));
  }
  return tasks;
}

sim::Task<Outcome> Lov::read(Inode& inode, Extents want, bool server_lock) {
  Outcome& outcome = co_await sim::in_place<Outcome>();
  sim::Timeline& timeline = outcome.timeline;
  timeline = sim::Timeline(context_.loop.now(), sim::Stage::dispatch);
  const std::uint32_t cut = inode.cuts;
  PlanLease plan(context_);
  for (bool asked = false;; asked = true) {
    const std::uint32_t generation = inode.layout.generation();
    const sim::Status status =
        split(inode.layout, want, split_options(IoKind::read, inode.layout), *plan);
    if (!status.ok()) {
      outcome.status = status.code();
      co_return sim::kInPlace;
    }
    Transfers parts;
    if (plan->requests.size() == 1) {
      parts.push_back(co_await read_part(*plan, plan->requests.front(), server_lock));
    } else {
      TransferTasks tasks = read_parts(*plan, server_lock);
      parts = co_await run(tasks);
    }
    account(parts, timeline);
    Arrived arrived(inode, *plan, parts, want.back().end);
    inode.reaches(arrived.reach, cut);
    if (arrived.uninstantiated && !asked && !inode.layout_valid) {
      // Somebody else may have written there since this client heard of the layout.
      static_cast<void>(co_await refresh_layout(inode, timeline));
      if (inode.layout.generation() != generation) {
        continue;
      }
    }
    if (arrived.doubtful()) {
      co_await find_end(inode, arrived, timeline);
    }
    outcome.status = arrived.status;
    outcome.bytes = bytes_before(want, arrived.end);
    const bool unknown = !arrived.content && arrived.received > 0;
    outcome.data = unknown ? transport::Payload::unknown(outcome.bytes)
                           : gather(inode.content_id(), *plan, parts, want, arrived.end);
    timeline.finish(context_.loop.now());
    co_return sim::kInPlace;
  }
}

}  // namespace stripe
