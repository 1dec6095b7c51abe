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
  if (mount_.policy() != nullptr) {
    return read_shared(range);
  }
  if (!flags_.direct && mount_.context().design.page_cache) {
    inode_.cached = true;
    return mount_.pages().read(inode_, range, read_ahead_);
  }
  if (!inode_.has_dirty()) {
    return mount_.lov().read(inode_, range);
  }
  return read_after_flush(range, false);
}

// Others may write the file: what is here may be read as far as the policy says. What came when no
// lock protected it any more is read anew.
sim::Task<Outcome> File::read_shared(sim::Extent range) {
  sim::Loop& loop = mount_.context().loop;
  CachePolicy& policy = *mount_.policy();
  Outcome outcome;
  sim::Timeline timeline(loop.now(), sim::Stage::lock);
  const bool direct = flags_.direct || !mount_.context().design.page_cache;
  for (bool held = false; !held;) {
    Access access;
    outcome.status = sim::Errc::ok;
    timeline.enter(sim::Stage::lock, loop.now());
    if (!policy.admit_at_once(inode_, range, IoKind::read, direct, access)) {
      outcome.status = co_await policy.admit(inode_, range, IoKind::read, direct, access, timeline);
    }
    if (outcome.ok()) {
      timeline.enter(sim::Stage::gather, loop.now());
      outcome = co_await read_under(access, range);
      timeline.adopt(outcome.timeline, sim::Stage::gather, loop.now());
    }
    held = !outcome.ok() || access.holds();
    if (!access.holds()) {
      mount_.pages().drop(inode_, range);
    }
  }
  timeline.finish(loop.now());
  outcome.timeline = std::move(timeline);
  co_return outcome;
}

sim::Task<Outcome> File::read_under(const Access& access, sim::Extent range) {
  if (access.use_cache) {
    inode_.cached = true;
    return mount_.pages().read(inode_, range, read_ahead_, access.ahead,
                               [&access] { return access.holds(); });
  }
  return inode_.has_dirty() && !access.beside
             ? read_after_flush(range, access.server_lock)
             : mount_.lov().read(inode_, range, access.server_lock);
}

// Direct I/O sees what the same client wrote through its cache: that goes out first.
sim::Task<Outcome> File::read_after_flush(sim::Extent range, bool server_lock) {
  sim::Loop& loop = mount_.context().loop;
  sim::Timeline timeline(loop.now(), sim::Stage::slot);
  co_await mount_.write_back().flush(inode_, range, &timeline);
  Outcome outcome = co_await mount_.lov().read(inode_, range, server_lock);
  timeline.adopt(outcome.timeline, sim::Stage::gather, loop.now());
  outcome.timeline = std::move(timeline);
  co_return outcome;
}

sim::Task<Outcome> File::write(sim::Extent range) {
  last_stamp_ = mount_.next_stamp();
  return write_as(range, last_stamp_);
}

sim::Task<Outcome> File::write_under(const Access& access, sim::Extent range,
                                     transport::Stamp stamp) {
  if (access.write_behind) {
    return mount_.write_back().absorb(inode_, range, stamp, [&access] { return access.holds(); });
  }
  return access.beside ? write_beside_cache(range, stamp)
                       : write_past_cache(range, stamp, access.server_lock);
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
  const bool whole = mount_.context().design.write_lock == WriteLock::file;
  RangeLock::Turn turn(inode_.writers, whole ? sim::Extent{0, sim::kEof} : range);
  if (!turn.free()) {
    outcome.timeline.enter(sim::Stage::lock, loop.now());
    co_await turn.wait();
  }
  Access access;
  const bool direct = flags_.direct || !mount_.context().design.page_cache;
  access.write_behind = !direct;
  CachePolicy* const policy = mount_.policy();
  if (policy != nullptr && !policy->admit_at_once(inode_, range, IoKind::write, direct, access)) {
    outcome.status =
        co_await policy->admit(inode_, range, IoKind::write, direct, access, outcome.timeline);
  }
  if (outcome.ok() && access.write_behind) {
    inode_.cached = true;
    outcome.status = co_await fill_partial_pages(access, range, outcome.timeline);
  }
  if (!access.holds()) {
    mount_.pages().drop(inode_, range);  // what was read of its pages may be old
    outcome.status = sim::Errc::evicted;
  }
  if (!outcome.ok()) {
    outcome.timeline.finish(loop.now());
    co_return outcome;
  }
  changed_ = true;
  outcome.mtime_ns = inode_.touch(loop.now());
  outcome.timeline.enter(sim::Stage::gather, loop.now());
  const Outcome written = co_await write_under(access, range, stamp);
  outcome.timeline.adopt(written.timeline, sim::Stage::gather, loop.now());
  outcome.timeline.finish(loop.now());
  outcome.status = written.status;
  outcome.bytes = written.bytes;
  co_return outcome;
}

// What waits in the cache is older, and goes first; what is cached there is not valid afterwards.
sim::Task<Outcome> File::write_past_cache(sim::Extent range, transport::Stamp stamp,
                                          bool server_lock) {
  sim::Loop& loop = mount_.context().loop;
  sim::Timeline timeline(loop.now(), sim::Stage::slot);
  if (inode_.has_dirty()) {
    co_await mount_.write_back().flush(inode_, range, &timeline);
  }
  timeline.enter(sim::Stage::gather, loop.now());
  Outcome outcome = co_await mount_.lov().write(inode_, range, stamp, server_lock);
  mount_.pages().drop(inode_, range);
  timeline.adopt(outcome.timeline, sim::Stage::gather, loop.now());
  outcome.timeline = std::move(timeline);
  co_return outcome;
}

// The cache hears of it only if the policy tells it.
sim::Task<Outcome> File::write_beside_cache(sim::Extent range, transport::Stamp stamp) {
  Outcome outcome = co_await mount_.lov().write(inode_, range, stamp);
  sim::Timeline timeline = outcome.timeline;
  co_await mount_.policy()->went_beside(inode_, range, timeline);
  timeline.finish(mount_.context().loop.now());
  outcome.timeline = std::move(timeline);
  co_return outcome;
}

// A buffered write of a part of a page needs the rest of the page first, if the file has any there.
sim::Task<sim::Errc> File::fill_partial_pages(const Access& access, sim::Extent range,
                                              sim::Timeline& timeline) {
  const sim::Extent edges[] = {{range.begin / kPage * kPage, range.begin},
                               {range.end, (range.end + kPage - 1) / kPage * kPage}};
  const sim::Extent anywhere{0, sim::kEof};
  for (const sim::Extent& edge : edges) {
    const sim::Extent needed{edge.begin, std::min(edge.end, inode_.known_size)};
    if (needed.empty() || mount_.cache().contains(inode_.content_id(), needed)) {
      continue;
    }
    cachemodel::ReadAhead none(cachemodel::ReadAheadOptions{.enabled = false});
    PageReader::Allowed allowed = [&access] { return access.holds(); };
    timeline.enter(sim::Stage::gather, mount_.context().loop.now());
    const Outcome rest =
        co_await mount_.pages().read(inode_, needed, none, anywhere, std::move(allowed));
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

}  // namespace stripe
