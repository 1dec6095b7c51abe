// Unwritten data brought out by range, object or target, as locks see it, and what is never
// written.
#include <algorithm>
#include <tuple>
#include <utility>

#include "stripe/client/write_back.h"

namespace stripe {
namespace {

bool belongs(const DirtyChunk& chunk, std::uint32_t component, std::uint32_t stripe) {
  return std::get<0>(chunk.key) == component && std::get<1>(chunk.key) == stripe;
}

// From the first to the last of its pieces.
sim::Extent covers(const DirtyChunk& chunk) {
  if (chunk.pieces.empty()) {
    return {};
  }
  const auto& [last, piece] = *chunk.pieces.rbegin();
  return {chunk.pieces.begin()->first, last + piece.length};
}

}  // namespace

sim::Task<void> WriteBack::flush_if(Inode& inode, Wanted wanted, sim::Timeline* timeline) {
  const auto flush = std::make_shared<Flush>(context_.loop);
  std::vector<DirtyChunk*> waiting;
  for (const auto* chunks : {&inode.writing, &inode.dirty}) {
    for (const auto& [key, chunk] : *chunks) {
      if (wanted(*chunk)) {
        ++flush->chunks;
        chunk->awaited.push_back(flush);
        if (chunks == &inode.dirty) {
          waiting.push_back(chunk.get());
        }
      }
    }
  }
  for (DirtyChunk* chunk : waiting) {
    dispatch(*chunk);
  }
  while (flush->chunks > 0) {
    flush->written.reset();
    co_await flush->written.wait();
    if (timeline != nullptr) {
      timeline->adopt(std::exchange(flush->last, {}), sim::Stage::slot, context_.loop.now());
    }
  }
}

sim::Task<void> WriteBack::flush(Inode& inode, sim::Extent range, sim::Timeline* timeline) {
  return flush_if(
      inode, [range](const DirtyChunk& chunk) { return chunk.file.overlaps(range); }, timeline);
}

sim::Task<void> WriteBack::flush_object(Inode& inode, std::uint32_t component, std::uint32_t stripe,
                                        sim::Extent extent) {
  return flush_if(
      inode,
      [=](const DirtyChunk& chunk) {
        return belongs(chunk, component, stripe) && covers(chunk).overlaps(extent);
      },
      nullptr);
}

sim::Task<void> WriteBack::flush_targets(Inode& inode, std::set<std::uint32_t> targets,
                                         sim::Timeline* timeline) {
  return flush_if(
      inode,
      [wanted = std::move(targets)](const DirtyChunk& chunk) {
        return wanted.contains(chunk.target);
      },
      timeline);
}

bool WriteBack::dirty_within(const Inode& inode, sim::Extent range) {
  const auto touches = [range](const auto& entry) {
    return entry.second->file.overlaps(range) &&
           std::ranges::any_of(entry.second->pieces, [range](const auto& piece) {
             const DirtyPiece& p = piece.second;
             return range.overlaps({p.file_offset, p.file_offset + p.length});
           });
  };
  return std::ranges::any_of(inode.dirty, touches) || std::ranges::any_of(inode.writing, touches);
}

sim::Bytes WriteBack::object_end(const Inode& inode, std::uint32_t component,
                                 std::uint32_t stripe) const {
  sim::Bytes end = 0;
  const DirtyChunk::Key behind{component, stripe + 1, 0};
  for (const auto* chunks : {&inode.dirty, &inode.writing}) {
    auto last = chunks->lower_bound(behind);
    if (last != chunks->begin() && belongs(*(--last)->second, component, stripe)) {
      end = std::max(end, covers(*last->second).end);
    }
  }
  return end;
}

void WriteBack::lose_object(Inode& inode, std::uint32_t component, std::uint32_t stripe,
                            sim::Extent extent) {
  const DirtyChunk::Key first{component, stripe, 0};
  for (auto it = inode.dirty.lower_bound(first);
       it != inode.dirty.end() && belongs(*it->second, component, stripe);) {
    const auto next = std::next(it);
    if (covers(*it->second).overlaps(extent)) {
      lose(*it->second);
    }
    it = next;
  }
}

void WriteBack::discard(Inode& inode, sim::Bytes size) {
  for (auto it = inode.dirty.begin(); it != inode.dirty.end();) {
    DirtyChunk& chunk = *it->second;
    const sim::Bytes cut = chunk.cut(size);
    dirty_ -= cut;
    if (cut > 0) {
      lov_.target(chunk.target).dirty_room().release(cut);
      const sim::Bytes before = chunk.granted;
      chunk.granted = std::min(before, chunk.pages());
      lov_.target(chunk.target).grant().free(before - chunk.granted);
    }
    if (chunk.pieces.empty()) {
      chunk.settle({});
      it = inode.dirty.erase(it);
    } else {
      ++it;
    }
  }
  inode.written_size = std::min(inode.written_size, size);
}

std::optional<std::uint64_t> WriteBack::evictions_of(std::uint32_t target) {
  return rests_on_locks_ ? std::optional(lov_.target(target).import().evictions()) : std::nullopt;
}

// As if writing the chunk back had failed, without trying.
void WriteBack::lose(DirtyChunk& chunk) {
  Inode& inode = *chunk.inode;
  chunk.unlink();
  const auto place = inode.dirty.find(chunk.key);
  const std::unique_ptr<DirtyChunk> gone = std::move(place->second);
  inode.dirty.erase(place);
  for (const auto& [offset, piece] : gone->pieces) {
    cache_.mark_clean(inode.content_id(), {piece.file_offset, piece.file_offset + piece.length},
                      piece.stamp.value);
  }
  note_failure(*gone, sim::Errc::evicted);
  dirty_ -= gone->bytes;
  lov_.target(gone->target).dirty_room().release(gone->bytes);
  lov_.target(gone->target).grant().free(gone->granted);
  gone->settle({});
}

}  // namespace stripe
