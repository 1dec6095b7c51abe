#include "stripe/server/free_space.h"

#include <algorithm>
#include <iterator>

#include "sim/status.h"

namespace stripe {

using sim::Bytes;
using sim::Extent;

FreeSpace::FreeSpace(Bytes capacity) : size_(capacity) {
  if (capacity > 0) {
    ranges_.emplace(0, capacity);
  }
}

FreeSpace::Ranges::iterator FreeSpace::next() {
  const auto it = ranges_.lower_bound(cursor_);
  return it == ranges_.end() ? ranges_.begin() : it;
}

Extent FreeSpace::take(Ranges::iterator it, Bytes length) {
  const Extent taken{it->first, it->first + length};
  if (taken.end < it->second) {
    auto node = ranges_.extract(it);
    node.key() = taken.end;
    ranges_.insert(std::move(node));
  } else {
    ranges_.erase(it);
  }
  size_ -= length;
  cursor_ = taken.end;
  return taken;
}

Extent FreeSpace::take_run(Bytes length) {
  auto it = next();
  const std::size_t scan = std::min<std::size_t>(kMaxScan, ranges_.size());
  for (std::size_t i = 0; i < scan; ++i) {
    if (it->second - it->first >= length) {
      return take(it, length);
    }
    if (++it == ranges_.end()) {
      it = ranges_.begin();
    }
  }
  return {};
}

Extent FreeSpace::take_some(Bytes length) {
  sim::check(!ranges_.empty(), "space is taken from a full device");
  const auto it = next();
  return take(it, std::min(length, it->second - it->first));
}

void FreeSpace::give(Extent range) {
  if (range.empty()) {
    return;
  }
  size_ += range.size();
  auto after = ranges_.lower_bound(range.begin);
  sim::check(after == ranges_.end() || after->first >= range.end, "space is given back twice");
  if (after != ranges_.end() && after->first == range.end) {
    range.end = after->second;
    after = ranges_.erase(after);
  }
  if (after != ranges_.begin()) {
    const auto before = std::prev(after);
    sim::check(before->second <= range.begin, "space is given back twice");
    if (before->second == range.begin) {
      before->second = range.end;
      return;
    }
  }
  ranges_.emplace_hint(after, range.begin, range.end);
}

}  // namespace stripe
