#include "scenarios/run/unflushed.h"

#include <algorithm>

namespace scenarios {
namespace {
using Range = boost::icl::interval<sim::Bytes>;
}  // namespace

bool Unflushed::takes_locks(stripe::Mount& mount) {
  return mount.context().design.coherence == stripe::Coherence::ldlm;
}

void Unflushed::wrote(std::uint64_t file, sim::Extent range, stripe::Mount& by) {
  if (by.write_back().dirty() == 0) {
    return;
  }
  mounts_.resize(std::max<std::size_t>(mounts_.size(), by.client() + std::size_t{1}));
  mounts_[by.client()] = &by;
  Writers& writers = files_[file];
  writers.last.set(
      {Range::right_open(range.begin, range.end), key(by.client(), writers.syncs[by.client()])});
}

void Unflushed::synced(std::uint64_t file, const stripe::Mount& by) {
  const auto found = files_.find(file);
  if (found != files_.end()) {
    ++found->second.syncs[by.client()];
  }
}

bool Unflushed::keeps_dirty(Writers& writers, std::uint64_t writer) const {
  const auto client = static_cast<std::uint32_t>(writer >> 32);
  return writer == key(client, writers.syncs[client]) && mounts_[client]->write_back().dirty() > 0;
}

void Unflushed::reads(std::uint64_t file, sim::Extent range, stripe::Mount& reader) {
  const auto found = files_.find(file);
  if (found == files_.end() || range.empty()) {
    return;
  }
  const auto& last = found->second.last;
  const auto [begin, end] = last.equal_range(Range::right_open(range.begin, range.end));
  for (auto at = begin; at != end; ++at) {
    const auto writer = static_cast<std::uint32_t>(at->second >> 32);
    const bool locked = takes_locks(reader) && takes_locks(*mounts_[writer]);
    if (writer != reader.client() && !locked && keeps_dirty(found->second, at->second)) {
      ++count_;
      bytes_ += range.size();
      return;
    }
  }
}

}  // namespace scenarios
