// How what is missing comes: several parts of the file in one fetch, one fetch after another, and
// what of it is kept.
#include <algorithm>
#include <boost/icl/interval_set.hpp>
#include <utility>

#include "stripe/client/page_reader.h"

namespace stripe {

using cachemodel::Fetched;

void PageReader::start(Inode& inode, sim::Extent extent, Fetched why) {
  if (why == Fetched::ahead) {
    ahead_ += extent.size();
  }
  if (!joins_batch(inode, extent)) {
    launch(inode, why);
  }
  batch_.push_back(inode.fetches.begin(context_.loop, extent));
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

void PageReader::launch(Inode& inode, Fetched why) {
  if (!batch_.empty()) {
    tasks_.spawn(run(inode, std::exchange(batch_, {}), why), "read of pages",
                 sim::TaskKind::daemon);
  }
}

// If a part of a batch fails, each is asked for by itself: the others are not to fail with it.
sim::Task<void> PageReader::run(Inode& inode, Batch batch, Fetched why) {
  Extents extents;
  sim::Bytes bytes = 0;
  for (const auto& part : batch) {
    extents.push_back(part->extent);
    bytes += part->extent.size();
  }
  if (why == Fetched::asked || context_.design.async_read_ahead) {
    co_await context_.host.perform(sim::Work::pages, bytes);
  }
  const Outcome all = co_await fetch(inode, std::move(extents));
  sim::Bytes at = 0;
  for (const auto& part : batch) {
    if (all.ok() || batch.size() == 1) {
      part->outcome.status = all.status;
      part->outcome.timeline = all.timeline;
      part->outcome.bytes = std::min(part->extent.size(), all.bytes - at);
      part->outcome.data = all.data.slice(at, at + part->outcome.bytes);
      at += part->outcome.bytes;
    } else {
      Extents alone;
      alone.push_back(part->extent);
      part->outcome = co_await fetch(inode, std::move(alone));
      if (why == Fetched::ahead) {
        part->outcome.timeline.add_to(context_.stats.background);
      }
    }
    end_fetch(inode, part, why);
  }
  if (why == Fetched::ahead) {
    all.timeline.add_to(context_.stats.background);
  }
}

void PageReader::end_fetch(Inode& inode, Fetches::Ref fetch, Fetched why) {
  fetch->ended = context_.loop.now();
  if (why == Fetched::ahead) {
    ahead_ -= fetch->extent.size();
  }
  keep(inode, *fetch, why);
  inode.fetches.end(fetch);
}

sim::Task<Outcome> PageReader::fetch(Inode& inode, Extents extents) {
  if (context_.design.dispatch == Dispatch::serial) {
    return fetch_in_turn(inode, std::move(extents));
  }
  return lov_.read(inode, std::move(extents));
}

sim::Task<Outcome> PageReader::fetch_in_turn(Inode& inode, Extents extents) {
  sim::Timeline timeline(context_.loop.now(), sim::Stage::dispatch);
  co_await inode.read_turn.acquire();
  const transport::Permit turn(inode.read_turn, 1);
  timeline.enter(sim::Stage::gather, context_.loop.now());
  Outcome outcome = co_await lov_.read(inode, std::move(extents));
  timeline.append(outcome.timeline, sim::Stage::gather, context_.loop.now());
  outcome.timeline = std::move(timeline);
  co_return outcome;
}

// Puts into the cache what came, but for what has become old on the way.
void PageReader::keep(Inode& inode, const Fetch& fetch, Fetched why) {
  using Parts = boost::icl::interval_set<sim::Bytes>;
  using Part = boost::icl::interval<sim::Bytes>;
  const Outcome& outcome = fetch.outcome;
  const sim::Bytes end = std::min(fetch.extent.begin + outcome.bytes, inode.known_size);
  const auto put = [&](sim::Extent part, std::uint64_t stamp) {
    part.end = std::min(part.end, end);
    if (part.empty()) {
      return;
    }
    if (fetch.outdated.empty()) {
      cache_.insert_clean(inode.content_id(), part, stamp, why);
      return;
    }
    Parts fresh;
    fresh.add(Part::right_open(part.begin, part.end));
    for (const sim::Extent& old : fetch.outdated) {
      fresh.subtract(Part::right_open(old.begin, old.end));
    }
    for (const auto& piece : fresh) {
      cache_.insert_clean(inode.content_id(), {piece.lower(), piece.upper()}, stamp, why);
    }
  };
  sim::Bytes at = fetch.extent.begin;
  if (!outcome.data.has_content() && outcome.bytes > 0) {
    inode.content_unknown = true;
    put({at, at + outcome.bytes}, 0);
  }
  for (const transport::ContentRun& run : outcome.data.runs()) {
    put({at, at + run.length}, run.stamp.value);
    at += run.length;
  }
}

}  // namespace stripe
