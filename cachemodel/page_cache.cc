#include "cachemodel/page_cache.h"

#include <algorithm>

namespace cachemodel {

// The first entry that ends behind `offset`.
template <typename Entries>
auto PageCache::first_behind(Entries& entries, sim::Bytes offset) {
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
  for (auto it = first_behind(entries, range.begin); it != entries.end() && it->first < range.end;
       ++it) {
    Entry& entry = it->second;
    const sim::Bytes used = entry.range.intersect(range).size();
    entry.unused -= std::min(entry.unused, used);
    if (used > 0 && !entry.dirty) {
      touch(entry);
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

// Splits an entry, within which `offset` lies. Returns its tail.
PageCache::File::iterator PageCache::split(File& entries, File::iterator entry, sim::Bytes offset) {
  Entry& head = entry->second;
  const auto place = entries.try_emplace(std::next(entry), offset);
  Entry& tail = place->second;
  tail.file = head.file;
  tail.range = {offset, head.range.end};
  tail.stamp = head.stamp;
  tail.dirty = head.dirty;
  head.range.end = offset;
  // What was used of an entry is mostly its front.
  tail.unused = std::min(head.unused, tail.range.size());
  head.unused -= tail.unused;
  if (!tail.dirty) {
    touch(tail);
  }
  return place;
}

// Splits the entries at both ends of `range`, which must not be empty. Returns the first entry
// within it, or one behind it.
PageCache::File::iterator PageCache::isolate(File& entries, sim::Extent range) {
  auto first = first_behind(entries, range.begin);
  if (first != entries.end() && first->first < range.begin) {
    first = split(entries, first, range.begin);
  }
  if (first == entries.end() || first->first >= range.end || first->second.range.end == range.end) {
    return first;
  }
  const auto last = first_behind(entries, range.end);
  if (last != entries.end() && last->first < range.end) {
    split(entries, last, range.end);
  }
  return first;
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
  auto it = isolate(entries, range);
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

void PageCache::touch(Entry& entry) {
  entry.turn = turn_;
  lru_.push_back(entry);
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
    touch(entry);
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
  peek(file, range, pieces_);
  for (const CachePiece& piece : pieces_) {
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
  for (auto it = isolate(entries, range); it != entries.end() && it->first < range.end; ++it) {
    Entry& entry = it->second;
    if (entry.dirty && entry.stamp == stamp) {
      entry.dirty = false;
      dirty_ -= entry.range.size();
      touch(entry);
    }
  }
  evict();
}

void PageCache::evict() {
  while (cached_ > capacity_ && !lru_.empty()) {
    evict_oldest();
  }
}

void PageCache::evict_oldest() {
  Entry& victim = lru_.front();
  evicted_ += victim.range.size();
  const auto found = files_.find(victim.file);
  remove(found->second, found->second.find(victim.range.begin));
  if (found->second.empty()) {
    files_.erase(found);
  }
}

sim::Bytes PageCache::end_turn() {
  const sim::Bytes before = evicted_;
  while (!lru_.empty() && lru_.front().turn < turn_) {
    evict_oldest();
  }
  ++turn_;
  return evicted_ - before;
}

}  // namespace cachemodel
