#include "cachemodel/page_cache.h"

#include <algorithm>

namespace cachemodel {

// The first entry that ends behind `offset`.
PageCache::File::const_iterator PageCache::first_behind(const File& entries, sim::Bytes offset) {
  const auto it = entries.upper_bound(offset);
  return it != entries.begin() && std::prev(it)->second.range.end > offset ? std::prev(it) : it;
}

void PageCache::peek(std::uint64_t file, sim::Extent range, std::vector<CachePiece>& out) const {
  out.clear();
  sim::Bytes at = range.begin;
  if (const auto found = files_.find(file); found != files_.end()) {
    const File& entries = found->second;
    for (auto it = first_behind(entries, range.begin); it != entries.end() && it->first < range.end;
         ++it) {
      const sim::Extent part = it->second.range.intersect(range);
      if (part.begin > at) {
        out.push_back({{at, part.begin}, false, 0});
      }
      out.push_back({part, true, it->second.stamp});
      at = part.end;
    }
  }
  if (at < range.end) {
    out.push_back({{at, range.end}, false, 0});
  }
}

void PageCache::lookup(std::uint64_t file, sim::Extent range, std::vector<CachePiece>& out) {
  peek(file, range, out);
  const auto found = files_.find(file);
  if (found == files_.end()) {
    return;
  }
  File& entries = found->second;
  auto it = entries.upper_bound(range.begin);
  if (it != entries.begin()) {
    --it;
  }
  for (; it != entries.end() && it->first < range.end; ++it) {
    Entry& entry = it->second;
    const sim::Bytes used = entry.range.intersect(range).size();
    entry.unused -= std::min(entry.unused, used);
    if (used > 0 && !entry.dirty) {
      lru_.push_back(entry);
    }
  }
}

bool PageCache::contains(std::uint64_t file, sim::Extent range) const {
  const auto found = files_.find(file);
  if (found == files_.end()) {
    return range.empty();
  }
  const File& entries = found->second;
  sim::Bytes at = range.begin;
  for (auto it = first_behind(entries, range.begin);
       at < range.end && it != entries.end() && it->first <= at; ++it) {
    at = it->second.range.end;
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
  // What was used of an entry is mostly its front.
  tail.unused = std::min(head.unused, tail.range.size());
  head.unused -= tail.unused;
  if (!tail.dirty) {
    lru_.push_back(tail);
  }
}

void PageCache::remove(File& entries, File::iterator entry) {
  const sim::Bytes size = entry->second.range.size();
  cached_ -= size;
  dirty_ -= entry->second.dirty ? size : 0;
  unused_ += entry->second.unused;
  entries.erase(entry);
}

void PageCache::drop(std::uint64_t file, sim::Extent range) { drop_if(file, range, true); }

void PageCache::drop_clean(std::uint64_t file, sim::Extent range) { drop_if(file, range, false); }

void PageCache::drop_if(std::uint64_t file, sim::Extent range, bool dirty_too) {
  const auto found = files_.find(file);
  if (found == files_.end() || range.empty()) {
    return;
  }
  File& entries = found->second;
  split_at(entries, range.begin);
  split_at(entries, range.end);
  auto it = entries.lower_bound(range.begin);
  while (it != entries.end() && it->first < range.end) {
    const auto entry = it++;
    if (dirty_too || !entry->second.dirty) {
      remove(entries, entry);
    }
  }
  if (entries.empty()) {
    files_.erase(found);
  }
}

PageCache::Entry& PageCache::add(std::uint64_t file, sim::Extent range, std::uint64_t stamp,
                                 bool dirty) {
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
  return entry;
}

void PageCache::insert_dirty(std::uint64_t file, sim::Extent range, std::uint64_t stamp) {
  if (!range.empty()) {
    drop(file, range);
    add(file, range, stamp, true);
    evict();
  }
}

void PageCache::insert_clean(std::uint64_t file, sim::Extent range, std::uint64_t stamp,
                             Fetched why) {
  std::vector<CachePiece> pieces;
  peek(file, range, pieces);
  for (const CachePiece& piece : pieces) {
    if (!piece.cached) {
      Entry& entry = add(file, piece.range, stamp, false);
      entry.unused = why == Fetched::ahead ? piece.range.size() : 0;
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
