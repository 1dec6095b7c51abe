#include "stripe/client/file.h"

#include <algorithm>

#include "stripe/client/mount.h"

namespace stripe {
namespace {
constexpr sim::Bytes kPage = 4 * sim::kKiB;
}  // namespace

File::File(Mount& mount, Inode& inode, OpenHandle handle, OpenFlags flags)
    : mount_(mount),
      inode_(inode),
      handle_(handle),
      flags_(flags),
      read_ahead_(read_ahead_options(mount.context().design)) {
  ++inode_.users;
}

// Not a coroutine itself: each layer of them costs a frame for every request under way.
sim::Task<Outcome> File::read(sim::Extent range) {
  if (!flags_.direct && mount_.context().design.page_cache) {
    inode_.cached = true;
    return mount_.pages().read(inode_, range, read_ahead_);
  }
  if (!inode_.has_dirty()) {
    return mount_.lov().read(inode_, range);
  }
  return read_after_flush(range);
}

// Direct I/O sees what the same client wrote through its cache: that goes out first.
sim::Task<Outcome> File::read_after_flush(sim::Extent range) {
  sim::Loop& loop = mount_.context().loop;
  sim::Timeline timeline(loop.now(), sim::Stage::slot);
  co_await mount_.write_back().flush(inode_, range, &timeline);
  Outcome outcome = co_await mount_.lov().read(inode_, range);
  timeline.adopt(outcome.timeline, sim::Stage::gather, loop.now());
  outcome.timeline = std::move(timeline);
  co_return outcome;
}

sim::Task<Outcome> File::write(sim::Extent range) {
  last_stamp_ = mount_.next_stamp();
  return write_as(range, last_stamp_);
}

sim::Task<Outcome> File::write_as(sim::Extent range, transport::Stamp stamp) {
  sim::Loop& loop = mount_.context().loop;
  Outcome outcome;
  outcome.timeline = sim::Timeline(loop.now(), sim::Stage::dispatch);
  if (!flags_.write) {
    outcome.status = sim::Errc::bad_handle;
    co_return outcome;
  }
  if (range.empty()) {
    co_return outcome;
  }
  if (needs_layout(range)) {
    outcome.status = co_await instantiate(range, outcome.timeline);
    if (!outcome.ok()) {
      co_return outcome;
    }
  }
  const bool direct = flags_.direct || !mount_.context().design.page_cache;
  if (direct && inode_.has_dirty()) {
    outcome.timeline.enter(sim::Stage::slot, loop.now());
    co_await mount_.write_back().flush(inode_, range, &outcome.timeline);
  }
  if (!direct) {
    inode_.cached = true;
    outcome.status = co_await fill_partial_pages(range, outcome.timeline);
    if (!outcome.ok()) {
      co_return outcome;
    }
  }
  changed_ = true;
  outcome.timeline.enter(sim::Stage::gather, loop.now());
  // Not as one conditional expression: GCC 12 copies the bytes of an awaited value there.
  Outcome written;
  if (direct) {
    written = co_await mount_.lov().write(inode_, range, stamp);
  } else {
    written = co_await mount_.write_back().absorb(inode_, range, stamp);
  }
  if (direct) {
    mount_.pages().drop(inode_, range);
  }
  outcome.timeline.adopt(written.timeline, sim::Stage::gather, loop.now());
  outcome.timeline.finish(loop.now());
  outcome.status = written.status;
  outcome.bytes = written.bytes;
  if (outcome.bytes > 0) {
    inode_.mtime_ns = std::max(inode_.mtime_ns, loop.now().ns());
  }
  co_return outcome;
}

// A buffered write of a part of a page needs the rest of the page first, if the file has any there.
sim::Task<sim::Errc> File::fill_partial_pages(sim::Extent range, sim::Timeline& timeline) {
  const sim::Extent edges[] = {{range.begin / kPage * kPage, range.begin},
                               {range.end, (range.end + kPage - 1) / kPage * kPage}};
  for (const sim::Extent& edge : edges) {
    const sim::Extent needed{edge.begin, std::min(edge.end, inode_.known_size)};
    if (needed.empty() || mount_.cache().contains(inode_.content_id(), needed)) {
      continue;
    }
    cachemodel::ReadAhead none(cachemodel::ReadAheadOptions{.enabled = false});
    timeline.enter(sim::Stage::gather, mount_.context().loop.now());
    const Outcome rest = co_await mount_.pages().read(inode_, needed, none);
    timeline.adopt(rest.timeline, sim::Stage::gather, mount_.context().loop.now());
    if (!rest.ok()) {
      co_return rest.status;
    }
  }
  co_return sim::Errc::ok;
}

// True if a write to `range` needs the MDT first: a component without objects, or mirrors in sync.
bool File::needs_layout(sim::Extent range) const {
  const Layout& layout = inode_.layout;
  if (layout.components.size() == 1 && layout.components.front().instantiated()) {
    return false;
  }
  if (layout.mirror_count() > 1 && layout.flr_state() != FlrState::write_pending) {
    return true;
  }
  const std::size_t mirror = pick_mirror(layout, kComponentPreferWrite);
  return std::ranges::any_of(layout.mirror(mirror), [&](const Component& c) {
    return c.extent.overlaps(range) && !c.instantiated();
  });
}

sim::Task<sim::Errc> File::instantiate(sim::Extent range, sim::Timeline& timeline) {
  MdsIntentRequest request;
  request.intent = Intent::layout;
  request.parent = inode_.fid;
  request.write = true;
  request.extent = range;
  timeline.enter(sim::Stage::metadata, mount_.context().loop.now());
  const auto result = co_await mount_.mdc().intent(std::move(request));
  timeline.adopt(result.timeline, sim::Stage::dispatch, mount_.context().loop.now());
  if (!result.ok()) {
    co_return result.status;
  }
  co_return inode_.take_layout(result.body->layout);
}

sim::Task<Outcome> File::reserve(sim::Extent range) {
  Outcome outcome;
  outcome.timeline = sim::Timeline(mount_.context().loop.now(), sim::Stage::dispatch);
  if (needs_layout(range)) {
    outcome.status = co_await instantiate(range, outcome.timeline);
  }
  outcome.timeline.finish(mount_.context().loop.now());
  co_return outcome;
}

sim::Task<Outcome> File::fsync() {
  sim::Loop& loop = mount_.context().loop;
  Outcome outcome;
  outcome.timeline = sim::Timeline(loop.now(), sim::Stage::slot);
  co_await mount_.write_back().flush(inode_, &outcome.timeline);
  outcome.timeline.enter(sim::Stage::gather, loop.now());
  const Outcome synced = co_await mount_.lov().sync(inode_);
  outcome.timeline.adopt(synced.timeline, sim::Stage::gather, loop.now());
  outcome.timeline.finish(loop.now());
  outcome.status = std::exchange(inode_.write_error, sim::Errc::ok);
  if (outcome.ok()) {
    outcome.status = synced.status;
  }
  co_return outcome;
}

// A mirrored file must be told from its copies, and the last byte needs an object to stand for it.
sim::Task<Outcome> File::cut_at_mdt(sim::Bytes size) {
  sim::Loop& loop = mount_.context().loop;
  Outcome outcome;
  outcome.timeline = sim::Timeline(loop.now(), sim::Stage::metadata);
  const sim::Extent last{size == 0 ? 0 : size - 1, size == 0 ? 1 : size};
  if (needs_layout(last)) {
    outcome.status = co_await instantiate(last, outcome.timeline);
  }
  if (outcome.ok()) {
    MdsReintRequest request;
    request.op = Reint::setattr;
    request.parent = inode_.fid;
    request.set_size = true;
    request.size = size;
    outcome.timeline.enter(sim::Stage::metadata, loop.now());
    const auto result = co_await mount_.mdc().reint(std::move(request));
    outcome.timeline.adopt(result.timeline, sim::Stage::gather, loop.now());
    outcome.status = result.status;
  }
  outcome.timeline.finish(loop.now());
  co_return outcome;
}

sim::Task<Outcome> File::truncate(sim::Bytes size) {
  sim::Loop& loop = mount_.context().loop;
  Outcome outcome;
  outcome.timeline = sim::Timeline(loop.now(), sim::Stage::metadata);
  if (!flags_.write) {
    outcome.status = sim::Errc::bad_handle;
    co_return outcome;
  }
  const Outcome agreed = co_await cut_at_mdt(size);
  outcome.timeline.adopt(agreed.timeline, sim::Stage::slot, loop.now());
  outcome.status = agreed.status;
  if (outcome.ok()) {
    changed_ = true;
    mount_.write_back().discard(inode_, size);
    mount_.pages().cut(inode_, size);
    // What is under way must not arrive behind the cut.
    co_await mount_.write_back().flush(inode_, &outcome.timeline);
    outcome.timeline.enter(sim::Stage::gather, loop.now());
    const Outcome cut = co_await mount_.lov().punch(inode_, size);
    outcome.timeline.adopt(cut.timeline, sim::Stage::gather, loop.now());
    outcome.status = cut.status;
    mount_.pages().cut(inode_, size);  // what was read while it was going on
  }
  if (outcome.ok()) {
    inode_.known_size = size;
    inode_.mtime_ns = std::max(inode_.mtime_ns, loop.now().ns());
  }
  outcome.timeline.finish(loop.now());
  co_return outcome;
}

sim::Task<Outcome> File::close() {
  MdsCloseRequest request;
  request.handle = handle_;
  request.size_known = changed_;
  request.size = inode_.known_size;
  request.mtime_ns = changed_ ? inode_.mtime_ns : 0;
  Outcome outcome;
  outcome.timeline = sim::Timeline(mount_.context().loop.now(), sim::Stage::metadata);
  const auto result = co_await mount_.mdc().close(std::move(request));
  outcome.timeline.adopt(result.timeline, sim::Stage::gather, mount_.context().loop.now());
  outcome.status = std::exchange(inode_.write_error, sim::Errc::ok);
  if (outcome.ok()) {
    outcome.status = result.status;
  }
  --inode_.users;
  inode_.unlinked |= result.ok() && result.body->attr.nlink == 0;
  mount_.released(inode_);
  co_return outcome;
}

}  // namespace stripe
