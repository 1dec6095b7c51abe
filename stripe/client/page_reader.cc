#include "stripe/client/page_reader.h"

#include <algorithm>

namespace stripe {
namespace {

constexpr sim::Bytes kPage = 4 * sim::kKiB;

// A cache that is too small for one read loses the first pages before the last arrive: after this
// many rounds the read goes past the cache.
constexpr int kRounds = 3;

sim::Extent whole_pages(sim::Extent range) {
  return {range.begin / kPage * kPage, (range.end + kPage - 1) / kPage * kPage};
}

// The fetches a reader waits for; they stay until nobody does, also if the reader is cancelled.
struct Awaited {
  Awaited(Inode& file, sim::Extent range) : inode(file) {
    for (auto it = inode.fetches.begin(); it != inode.fetches.end(); ++it) {
      if (it->extent.overlaps(range)) {
        ++it->waiters;
        fetches.push_back(it);
      }
    }
  }
  ~Awaited() {
    for (const auto& fetch : fetches) {
      if (--fetch->waiters == 0 && fetch->done.is_set()) {
        inode.fetches.erase(fetch);
      }
    }
  }
  Awaited(const Awaited&) = delete;
  Awaited& operator=(const Awaited&) = delete;
  Inode& inode;
  std::vector<std::list<Fetch>::iterator> fetches;
};

}  // namespace

PageReader::PageReader(ClientContext& context, Lov& lov, cachemodel::PageCache& cache)
    : context_(context), lov_(lov), cache_(cache), tasks_(context.loop) {}

sim::Task<Outcome> PageReader::read(Inode& inode, sim::Extent range,
                                    cachemodel::ReadAhead& read_ahead) {
  Outcome outcome;
  sim::Timeline& timeline = outcome.timeline;
  timeline = sim::Timeline(context_.loop.now(), sim::Stage::dispatch);
  for (int round = 0;; ++round) {
    const bool all_here = cache_.contains(inode.content_id(), range);
    if (round == 0) {
      read_ahead.on_read(range, inode.known_size);
    }
    if (!all_here) {
      fetch_missing(inode, range, false);
      launch(inode, false);
    }
    if (round == 0) {
      while (const auto ahead = read_ahead.next()) {
        fetch_missing(inode, *ahead, true);
      }
      launch(inode, true);
    }
    if (all_here) {
      break;
    }
    outcome.status = co_await wait_for(inode, range, timeline);
    range.end = std::clamp(inode.known_size, range.begin, range.end);
    if (outcome.status != sim::Errc::ok) {
      co_return outcome;
    }
    if (round == kRounds) {
      Outcome past = co_await lov_.read(inode, range);
      timeline.adopt(past.timeline, sim::Stage::gather, context_.loop.now());
      past.timeline = std::move(timeline);
      past.timeline.finish(context_.loop.now());
      co_return past;
    }
  }
  give(inode, range, outcome);
  timeline.enter(sim::Stage::client_cpu, context_.loop.now());
  co_await context_.host.perform(sim::Work::copy, outcome.bytes);
  timeline.finish(context_.loop.now());
  co_return outcome;
}

// Starts reading the parts of `range` that are neither here nor on the way.
void PageReader::fetch_missing(Inode& inode, sim::Extent range, bool ahead) {
  cache_.lookup(inode.content_id(), whole_pages(range), pieces_);
  std::vector<sim::Extent> missing;
  for (const cachemodel::CachePiece& piece : pieces_) {
    if (!piece.cached) {
      missing.push_back(piece.range);
    }
  }
  for (const sim::Extent& gap : missing) {
    sim::Bytes at = gap.begin;
    while (at < gap.end) {
      sim::Bytes until = gap.end;
      sim::Bytes skip_to = at;
      for (const Fetch& fetch : inode.fetches) {
        if (fetch.extent.contains(at)) {
          skip_to = std::max(skip_to, fetch.extent.end);
        } else if (fetch.extent.begin > at) {
          until = std::min(until, fetch.extent.begin);
        }
      }
      if (skip_to > at) {
        at = skip_to;
        continue;
      }
      start(inode, {at, until}, ahead);
      at = until;
    }
  }
}

void PageReader::start(Inode& inode, sim::Extent extent, bool ahead) {
  if (ahead) {
    if (ahead_ + extent.size() > context_.design.max_read_ahead) {
      return;
    }
    ahead_ += extent.size();
    context_.stats.read_ahead += extent.size();
  }
  if (!joins_batch(inode, extent)) {
    launch(inode, ahead);
  }
  inode.fetches.emplace_back(context_.loop, extent);
  batch_.push_back(std::prev(inode.fetches.end()));
}

// Parts with holes between them are asked for together where the design's coalescing makes use of
// it, as far as one RPC to each target goes.
bool PageReader::joins_batch(const Inode& inode, sim::Extent extent) const {
  const Coalesce policy = context_.design.coalesce;
  if (batch_.empty() || (policy != Coalesce::read_through && policy != Coalesce::vector)) {
    return false;
  }
  const sim::Bytes begin = batch_.front()->extent.begin;
  return extent.begin > batch_.back()->extent.end &&
         extent.end - begin <= lov_.reach_of_rpcs(inode, begin);
}

void PageReader::launch(Inode& inode, bool ahead) {
  if (!batch_.empty()) {
    tasks_.spawn(run(inode, std::exchange(batch_, {}), ahead), "read of pages",
                 sim::TaskKind::daemon);
  }
}

sim::Task<void> PageReader::run(Inode& inode, Batch batch, bool ahead) {
  Extents extents;
  for (const auto& fetch : batch) {
    extents.push_back(fetch->extent);
  }
  const Outcome all = co_await lov_.read(inode, std::move(extents));
  if (ahead) {
    all.timeline.add_to(context_.stats.background);
  }
  sim::Bytes at = 0;
  for (const auto& fetch : batch) {
    Outcome& outcome = fetch->outcome;
    outcome.bytes = std::min(fetch->extent.size(), all.bytes - at);
    outcome.data = all.data.slice(at, at + outcome.bytes);
    outcome.timeline = all.timeline;
    if (outcome.bytes < fetch->extent.size()) {
      outcome.status = all.status;
    }
    at += outcome.bytes;
    end_fetch(inode, fetch, ahead);
  }
}

void PageReader::end_fetch(Inode& inode, std::list<Fetch>::iterator fetch, bool ahead) {
  const Outcome& outcome = fetch->outcome;
  fetch->ended = context_.loop.now();
  if (ahead) {
    ahead_ -= fetch->extent.size();
  }
  sim::Bytes at = fetch->extent.begin;
  if (!outcome.data.has_content() && outcome.bytes > 0) {
    inode.content_unknown = true;
    cache_.insert_clean(inode.content_id(), {at, at + outcome.bytes}, 0);
  }
  for (const transport::ContentRun& part : outcome.data.runs()) {
    cache_.insert_clean(inode.content_id(), {at, at + part.length}, part.stamp.value);
    at += part.length;
  }
  fetch->done.set();
  if (fetch->waiters == 0) {
    inode.fetches.erase(fetch);
  }
}

// Waits for everything on the way that touches `range`.
sim::Task<sim::Errc> PageReader::wait_for(Inode& inode, sim::Extent range,
                                          sim::Timeline& timeline) {
  timeline.enter(sim::Stage::gather, context_.loop.now());
  const Awaited awaited(inode, range);
  sim::Errc status = sim::Errc::ok;
  sim::Bytes error_at = range.end;
  const sim::Timeline* last = nullptr;
  sim::TimePoint last_end;
  for (const auto& fetch : awaited.fetches) {
    co_await fetch->done.wait();
    if (!fetch->outcome.ok() && fetch->extent.begin < error_at) {
      status = fetch->outcome.status;
      error_at = fetch->extent.begin;
    }
    if (last == nullptr || fetch->ended > last_end) {
      last = &fetch->outcome.timeline;
      last_end = fetch->ended;
    }
  }
  if (last != nullptr) {
    timeline.adopt(*last, sim::Stage::gather, context_.loop.now());
  }
  co_return status;
}

void PageReader::give(Inode& inode, sim::Extent range, Outcome& outcome) {
  outcome.bytes = range.size();
  if (inode.content_unknown) {
    outcome.data = transport::Payload::unknown(outcome.bytes);
    return;
  }
  cache_.lookup(inode.content_id(), range, pieces_);
  for (const cachemodel::CachePiece& piece : pieces_) {
    const transport::Stamp stamp{piece.stamp};
    const bool hole = stamp.value == 0;
    outcome.data.append(transport::Payload(
        {hole ? 0 : inode.content_id(), hole ? 0 : piece.range.begin, piece.range.size(), stamp}));
  }
}

}  // namespace stripe
