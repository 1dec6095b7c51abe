// What ends or shortens a file's life in a client: fsync, truncate, close.
#include <algorithm>
#include <utility>

#include "stripe/client/mount.h"

namespace stripe {

sim::Task<Outcome> File::fsync() {
  sim::Loop& loop = mount_.context().loop;
  Outcome outcome;
  outcome.timeline = sim::Timeline(loop.now(), sim::Stage::slot);
  co_await mount_.write_back().flush(inode_, &outcome.timeline);
  outcome.timeline.enter(sim::Stage::gather, loop.now());
  const Outcome synced = co_await mount_.lov().sync(inode_);
  outcome.timeline.adopt(synced.timeline, sim::Stage::gather, loop.now());
  sim::Errc named = sim::Errc::ok;
  if (mount_.mdc().import().any_unstable()) {  // the file's name and layout may be among that
    const auto at_mdt = co_await mount_.mdc().sync();
    outcome.timeline.adopt(at_mdt.timeline, sim::Stage::gather, loop.now());
    named = at_mdt.status;
  }
  outcome.timeline.finish(loop.now());
  outcome.status = std::exchange(inode_.write_error, sim::Errc::ok);
  if (outcome.ok()) {
    outcome.status = synced.ok() ? named : synced.status;
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
    request.set_mtime = true;
    request.mtime_ns = inode_.mtime_ns;
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
  Access access;
  const sim::Extent behind{size, sim::kEof};
  CachePolicy* const policy = mount_.policy();
  if (policy != nullptr && !policy->admit_at_once(inode_, behind, IoKind::write, false, access)) {
    outcome.status =
        co_await policy->admit(inode_, behind, IoKind::write, false, access, outcome.timeline);
    if (!outcome.ok()) {
      outcome.timeline.finish(loop.now());
      co_return outcome;
    }
  }
  outcome.timeline.enter(sim::Stage::metadata, loop.now());
  outcome.mtime_ns = inode_.touch(loop.now());
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
  if (mount_.policy() != nullptr) {
    static_cast<void>(co_await mount_.policy()->closing(inode_, flags_, outcome.timeline));
    outcome.timeline.enter(sim::Stage::metadata, mount_.context().loop.now());
  }
  const auto result = co_await mount_.mdc().close(std::move(request), inode_.fid);
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
