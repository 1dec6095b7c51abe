// A file's life under SplitPolicy: its opens, its closes, and purges of what is cached of it.
#include <algorithm>

#include "stripe/client/coherence/split_policy.h"

namespace stripe {
namespace {
constexpr sim::Extent kWhole{0, sim::kEof};
}  // namespace

sim::Task<void> SplitPolicy::went_beside(Inode& inode, sim::Extent range, sim::Timeline& timeline) {
  if (context_.design.split.purge == Purge::range) {
    co_await purge(inode, range, timeline);
  }
}

// All of the range or nothing, as the system's cache manager does it.
sim::Task<void> SplitPolicy::purge(Inode& inode, sim::Extent range, sim::Timeline& timeline) {
  timeline.enter(sim::Stage::client_cpu, context_.loop.now());
  co_await sim::sleep_for(context_.loop, context_.design.split.purge_time);
  ++context_.stats.purges;
  if (can_purge(inode, range)) {
    pages_.drop(inode, range);
  } else {
    ++context_.stats.failed_purges;
  }
}

bool SplitPolicy::can_purge(const Inode& inode, sim::Extent range) const {
  const auto overlaps = [range](const sim::Extent& used) { return used.overlaps(range); };
  const auto file = open_file(inode);
  return !context_.design.split.mapped && !WriteBack::dirty_within(inode, range) &&
         !(file && std::ranges::any_of(file->used, overlaps));
}

sim::Task<sim::Errc> SplitPolicy::opened(Inode& inode, OpenFlags flags, sim::Timeline& timeline) {
  std::shared_ptr<Open>& file = files_[inode.fid];
  if (!file) {
    file = std::make_shared<Open>();
  }
  ++file->opens;
  sim::Errc status = sim::Errc::ok;
  if (primary_) {
    status = co_await primary_->opened(inode, flags, timeline);
  }
  if (context_.design.split.purge == Purge::open) {
    co_await purge(inode, kWhole, timeline);
  }
  timeline.enter(sim::Stage::metadata, context_.loop.now());
  co_return status;
}

sim::Task<sim::Errc> SplitPolicy::closing(Inode& inode, OpenFlags flags, sim::Timeline& timeline) {
  const auto file = open_file(inode);
  if (!file) {
    co_return sim::Errc::ok;
  }
  sim::Errc status = sim::Errc::ok;
  if (primary_) {
    status = co_await primary_->closing(inode, flags, timeline);
  }
  if (context_.design.split.purge == Purge::close) {
    co_await purge(inode, kWhole, timeline);
  }
  if (--file->opens > 0) {
    co_return status;
  }
  files_.erase(inode.fid);
  for (const auto& [share, handle] : file->handles) {
    co_await handle->opened.wait();
    if (handle->status == sim::Errc::ok) {
      const sim::Errc closed = co_await data(share).closing(inode, flags, timeline);
      status = status == sim::Errc::ok ? closed : status;
    }
  }
  co_return status;
}

}  // namespace stripe
