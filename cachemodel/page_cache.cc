#include "cachemodel/page_cache.h"

#include <algorithm>

namespace cachemodel {

void PageCache::lookup(std::uint64_t file, sim::Extent range, std::vector<CachePiece>& out) {
  out.clear();
  sim::Bytes at = range.begin;
  const auto found = files_.find(file);
  if (found != files_.end()) {
    File& entries = found->second;
    auto it = entries.upper_bound(range.begin);
    if (it != entries.begin() && std::prev(it)->second.range.end > range.begin) {
      --it;
    }
    for (; it != entries.end() && it->first < range.end; ++it) {
      Entry& entry = it->second;
      const sim::Extent part = entry.range.intersect(range);
      if (part.begin > at) {
        out.push_back({{at, part.begin}, false, 0});
      }
      out.push_back({part, true, entry.stamp});
      at = part.end;
      if (!entry.dirty) {
        lru_.push_back(entry);
      }
    }
  }
  if (at < range.end) {
    out.push_back({{at, range.end}, false, 0});
  }
}

bool PageCache::contains(std::uint64_t file, sim::Extent range) const {
  const auto found = files_.find(file);
  if (found == files_.end()) {
    return range.empty();
  }
  const File& entries = found->second;
  auto it = entries.upper_bound(range.begin);
  if (it != entries.begin()) {
    --it;
  }
  sim::Bytes at = range.begin;
  for (; at < range.end && it != entries.end() && it->first <= at; ++it) {
    at = std::max(at, it->second.range.end);
  }
  return at >= range.end;
}

void PageCache::split_at(File& entries, sim::Bytes offset) {
  auto it = entries.upper_bound(offset);
  if (it == entries.begin()) {
    return;
  }
  Entry& head = std::prev(it)->second;
  if (head.range.begin == offset || head.range.end <= offset) {
    return;
  }
  Entry& tail = entries[offset];
  tail.file = head.file;
  tail.range = {offset, head.range.end};
  tail.stamp = head.stamp;
  tail.dirty = head.dirty;
  head.range.end = offset;
  if (!tail.dirty) {
    lru_.push_back(tail);
  }
}

void PageCache::remove(File& entries, File::iterator entry) {
  const sim::Bytes size = entry->second.range.size();
  cached_ -= size;
  dirty_ -= entry->second.dirty ? size : 0;
  entries.erase(entry);
}

void PageCache::drop(std::uint64_t file, sim::Extent range) {
  const auto found = files_.find(file);
  if (found == files_.end() || range.empty()) {
    return;
  }
  File& entries = found->second;
  split_at(entries, range.begin);
  split_at(entries, range.end);
  auto it = entries.lower_bound(range.begin);
  while (it != entries.end() && it->first < range.end) {
    remove(entries, it++);
  }
  if (entries.empty()) {
    files_.erase(found);
  }
}

void PageCache::add(std::uint64_t file, sim::Extent range, std::uint64_t stamp, bool dirty) {
  Entry& entry = files_[file][range.begin];
  entry.file = file;
  entry.range = range;
  entry.stamp = stamp;
  entry.dirty = dirty;
  cached_ += range.size();
  if (dirty) {
    dirty_ += range.size();
  } else {
    lru_.push_back(entry);
  }
}

void PageCache::insert_dirty(std::uint64_t file, sim::Extent range, std::uint64_t stamp) {
  if (!range.empty()) {
    drop(file, range);
    add(file, range, stamp, true);
    evict();
  }
}

void PageCache::insert_clean(std::uint64_t file, sim::Extent range, std::uint64_t stamp) {
  if (range.empty()) {
    return;
  }
  std::vector<sim::Extent> free;  // the parts of the range that hold no dirty data
  sim::Bytes at = range.begin;
  if (const auto found = files_.find(file); found != files_.end()) {
    split_at(found->second, range.begin);
    split_at(found->second, range.end);
    auto it = found->second.lower_bound(range.begin);
    for (; it != found->second.end() && it->first < range.end; ++it) {
      if (it->second.dirty) {
        free.push_back({at, it->first});
        at = it->second.range.end;
      }
    }
  }
  free.push_back({at, range.end});
  for (const sim::Extent& part : free) {
    if (!part.empty()) {
      drop(file, part);
      add(file, part, stamp, false);
    }
  }
  evict();
}

void PageCache::mark_clean(std::uint64_t file, sim::Extent range, std::uint64_t stamp) {
  const auto found = files_.find(file);
  if (found == files_.end() || range.empty()) {
    return;
  }
  File& entries = found->second;
  split_at(entries, range.begin);
  split_at(entries, range.end);
  auto it = entries.lower_bound(range.begin);
  for (; it != entries.end() && it->first < range.end; ++it) {
    Entry& entry = it->second;
    if (entry.dirty && entry.stamp == stamp) {
      entry.dirty = false;
      dirty_ -= entry.range.size();
      lru_.push_back(entry);
    }
  }
  evict();
}

void PageCache::evict() {
  while (cached_ > capacity_ && !lru_.empty()) {
    Entry& victim = lru_.front();
    evicted_ += victim.range.size();
    const auto found = files_.find(victim.file);
    remove(found->second, found->second.find(victim.range.begin));
    if (found->second.empty()) {
      files_.erase(found);
    }
  }
}

}  // namespace cachemodel
