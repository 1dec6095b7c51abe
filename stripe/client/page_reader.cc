#include "stripe/client/page_reader.h"

#include <algorithm>

#include "stripe/client/object_parts.h"

namespace stripe {
namespace {

using cachemodel::Fetched;

constexpr sim::Bytes kPage = 4 * sim::kKiB;

// A cache that is too small for one read loses the first pages before the last arrive, and others
// may write faster than fetches come: after this many rounds the read goes past the cache.
constexpr int kRounds = 3;

sim::Extent whole_pages(sim::Extent range) {
  return {range.begin / kPage * kPage, (range.end + kPage - 1) / kPage * kPage};
}

transport::Payload content_of(const Inode& inode, const cachemodel::CachePiece& piece) {
  const bool hole = piece.stamp == 0;
  return transport::Payload({hole ? 0 : inode.content_id(), hole ? 0 : piece.range.begin,
                             piece.range.size(), transport::Stamp{piece.stamp}});
}

// The fetches a reader waits for; they stay until nobody does, also if the reader is cancelled.
struct Awaited {
  Awaited(Inode& file, sim::Extent range) : inode(file) { inode.fetches.wait_for(range, fetches); }
  ~Awaited() {
    for (const auto& fetch : fetches) {
      inode.fetches.stop_waiting(fetch);
    }
  }
  Awaited(const Awaited&) = delete;
  Awaited& operator=(const Awaited&) = delete;
  Inode& inode;
  std::vector<Fetches::Ref> fetches;
};

}  // namespace

PageReader::PageReader(ClientContext& context, Lov& lov, cachemodel::PageCache& cache)
    : context_(context), lov_(lov), cache_(cache), memory_(context, cache), tasks_(context.loop) {}

sim::Task<Outcome> PageReader::read(Inode& inode, sim::Extent range,
                                    cachemodel::ReadAhead& read_ahead, sim::Extent ahead,
                                    Allowed allowed) {
  Outcome outcome;
  sim::Timeline& timeline = outcome.timeline;
  timeline = sim::Timeline(context_.loop.now(), sim::Stage::dispatch);
  memory_.settle();
  if (allowed && !allowed()) {
    timeline.finish(context_.loop.now());
    co_return outcome;
  }
  bool all_here = cache_.contains(inode.content_id(), range);
  if (!all_here && whole_pages(range).size() > cache_.capacity()) {
    // Its first pages would be gone before the last arrived.
    co_await read_past(inode, range, outcome);
    co_return outcome;
  }
  sim::Bytes missing = sim::kEof;
  if (!all_here) {
    missing = fetch_missing(inode, range, Fetched::asked);
    launch(inode, Fetched::asked);
  }
  read_ahead.on_read(range, inode.known_size, missing);
  const sim::Bytes own_work = fetch_ahead(inode, read_ahead, ahead);
  if (own_work > 0) {
    timeline.enter(sim::Stage::client_cpu, context_.loop.now());
    co_await context_.host.perform(sim::Work::pages, own_work);
  }
  for (int round = 0; !all_here; ++round) {
    if (round > 0) {
      if (allowed && !allowed()) {
        break;
      }
      fetch_missing(inode, range, Fetched::asked);
      launch(inode, Fetched::asked);
    }
    const Failure failure = co_await wait_for(inode, range, timeline);
    if (failure.status != sim::Errc::ok) {
      outcome.status = failure.status;
      range.end = std::clamp(failure.at, range.begin, range.end);
    }
    range.end = std::clamp(inode.known_size, range.begin, range.end);
    all_here = cache_.contains(inode.content_id(), range);
    if (round == kRounds && !all_here) {
      context_.stats.over_fetched += range.size();
      co_await read_past(inode, range, outcome);
      co_return outcome;
    }
  }
  if (all_here) {
    give(inode, range, outcome);
  }
  timeline.enter(sim::Stage::client_cpu, context_.loop.now());
  if (const sim::Duration swapping = memory_.swap_in(outcome.bytes); swapping > sim::Duration()) {
    co_await sim::sleep_for(context_.loop, swapping);
  }
  co_await context_.host.perform(sim::Work::cached_call, outcome.bytes);
  timeline.finish(context_.loop.now());
  co_return outcome;
}

// What is here may be dirty, and then is newer than what the servers have. That holds for what is
// here at the beginning even if it is written back and leaves the cache while the servers are
// asked, for they may have answered before it came.
sim::Task<void> PageReader::read_past(Inode& inode, sim::Extent range, Outcome& outcome) {
  std::vector<cachemodel::CachePiece> before;
  cache_.peek(inode.content_id(), range, before);
  outcome.timeline.enter(sim::Stage::gather, context_.loop.now());
  Outcome past = co_await lov_.read(inode, range);
  outcome.timeline.adopt(past.timeline, sim::Stage::gather, context_.loop.now());
  outcome.timeline.finish(context_.loop.now());
  outcome.bytes = past.bytes;
  if (!past.ok()) {
    outcome.status = past.status;
  }
  if (inode.content_unknown) {
    outcome.data = std::move(past.data);
    co_return;
  }
  cache_.peek(inode.content_id(), {range.begin, range.begin + past.bytes}, pieces_);
  for (const cachemodel::CachePiece& piece : pieces_) {
    if (piece.cached) {
      outcome.data.append(content_of(inode, piece));
      continue;
    }
    for (const cachemodel::CachePiece& old : before) {
      const sim::Extent part = old.range.intersect(piece.range);
      if (!part.empty()) {
        outcome.data.append(
            old.cached ? content_of(inode, {part, true, old.stamp})
                       : past.data.slice(part.begin - range.begin, part.end - range.begin));
      }
    }
  }
}

void PageReader::drop(Inode& inode, sim::Extent range) {
  cache_.drop_clean(inode.content_id(), range);
  inode.outdate(range);
}

Dropped PageReader::drop_object(Inode& inode, std::uint32_t component, std::uint32_t stripe,
                                sim::Extent extent, sim::Extent reason) {
  Dropped dropped;
  if (component >= inode.layout.components.size()) {
    return dropped;
  }
  const Component& part = inode.layout.components[component];
  const auto first = part.geometry().unmap(stripe, extent.begin);
  const auto end = part.geometry().object_size_to_file_size(stripe, extent.end);
  const sim::Extent touched{first.ok() ? *first : 0, end.ok() ? *end : sim::kEof};
  cache_.peek(inode.content_id(), touched.intersect(part.extent), pieces_);
  std::vector<sim::Extent> gone;
  for (const cachemodel::CachePiece& piece : pieces_) {
    if (piece.cached) {
      for_each_part(part, stripe, extent, piece.range,
                    [&](sim::Extent range) { gone.push_back(range); });
    }
  }
  const sim::Bytes before = cache_.cached();
  for (const sim::Extent& range : gone) {
    const sim::Bytes held = cache_.cached();
    cache_.drop_clean(inode.content_id(), range);
    const sim::Bytes at = part.geometry().map(range.begin).object_offset;
    if (!reason.overlaps({at, at + range.size()})) {
      dropped.beside += held - cache_.cached();
    }
  }
  dropped.bytes = before - cache_.cached();
  inode.fetches.for_each({0, sim::kEof}, [&](Fetches::Ref fetch) {
    for_each_part(part, stripe, extent, fetch->extent,
                  [&](sim::Extent range) { gone.push_back(range); });
  });
  for (const sim::Extent& range : gone) {
    inode.outdate(range);
  }
  return dropped;
}

void PageReader::cut(Inode& inode, sim::Bytes size) {
  cache_.drop(inode.content_id(), {size, sim::kEof});
  inode.outdate({size, sim::kEof});
  inode.heard = std::min(inode.heard, size);
  ++inode.cuts;
}

// Starts reading the parts of `range` that are neither here nor on the way. Returns where the first
// of them begins, at the earliest where the range does.
sim::Bytes PageReader::fetch_missing(Inode& inode, sim::Extent range, Fetched why) {
  cache_.peek(inode.content_id(), whole_pages(range), pieces_);
  sim::Bytes first = sim::kEof;
  for (const cachemodel::CachePiece& piece : pieces_) {
    sim::Bytes at = piece.cached ? piece.range.end : piece.range.begin;
    while (at < piece.range.end) {
      const sim::Extent on_the_way = inode.fetches.first_behind(at);
      if (on_the_way.begin <= at) {
        at = on_the_way.end;
        continue;
      }
      const sim::Bytes until = std::min(piece.range.end, on_the_way.begin);
      start(inode, {at, until}, why);
      first = std::min(first, std::max(at, range.begin));
      at = until;
    }
  }
  return first;
}

// Lustre reserves pages of the client's budget while they are being read.
// Returns how much of it the reader itself has to make pages ready for.
sim::Bytes PageReader::fetch_ahead(Inode& inode, cachemodel::ReadAhead& read_ahead,
                                   sim::Extent within) {
  const sim::Bytes before = ahead_;
  while (const auto ahead = read_ahead.next()) {
    if (ahead->extent.end > within.end ||
        (!ahead->due && ahead_ + ahead->extent.size() > context_.design.max_read_ahead)) {
      read_ahead.refuse(*ahead);
      break;
    }
    const sim::Extent allowed = ahead->extent.intersect(within);
    if (!allowed.empty()) {
      fetch_missing(inode, allowed, Fetched::ahead);
    }
  }
  launch(inode, Fetched::ahead);
  return context_.design.async_read_ahead ? 0 : ahead_ - before;
}

// Waits for everything on the way that touches `range`. An error counts if it lies in the range.
sim::Task<PageReader::Failure> PageReader::wait_for(Inode& inode, sim::Extent range,
                                                    sim::Timeline& timeline) {
  timeline.enter(sim::Stage::gather, context_.loop.now());
  const Awaited awaited(inode, range);
  Failure failure;
  const sim::Timeline* last = nullptr;
  sim::TimePoint last_end;
  for (const auto& fetch : awaited.fetches) {
    co_await fetch->done.wait();
    const sim::Bytes failed_at = fetch->extent.begin + fetch->outcome.bytes;
    if (!fetch->outcome.ok() && whole_pages(range).contains(failed_at) && failed_at < failure.at) {
      failure = {fetch->outcome.status, failed_at};
    }
    if (last == nullptr || fetch->ended > last_end) {
      last = &fetch->outcome.timeline;
      last_end = fetch->ended;
    }
  }
  if (last != nullptr) {
    timeline.adopt(*last, sim::Stage::gather, context_.loop.now());
  }
  co_return failure;
}

sim::Task<void> PageReader::finish(Inode& inode) {
  const Awaited awaited(inode, {0, sim::kEof});
  for (const auto& fetch : awaited.fetches) {
    co_await fetch->done.wait();
  }
}

void PageReader::give(Inode& inode, sim::Extent range, Outcome& outcome) {
  outcome.bytes = range.size();
  cache_.lookup(inode.content_id(), range, pieces_);
  if (inode.content_unknown) {
    outcome.data = transport::Payload::unknown(outcome.bytes);
    return;
  }
  for (const cachemodel::CachePiece& piece : pieces_) {
    outcome.data.append(content_of(inode, piece));
  }
}

}  // namespace stripe
