#include "stripe/client/dirty_chunk.h"

#include <algorithm>
#include <utility>

namespace stripe {
namespace {

constexpr sim::Bytes kPage = 4 * sim::kKiB;

}  // namespace

sim::Bytes DirtyChunk::put(sim::Bytes object_offset, const DirtyPiece& piece, bool keep_replaced) {
  const sim::Extent now{object_offset, object_offset + piece.length};
  const sim::Extent touched{now.begin / kPage * kPage, (now.end + kPage - 1) / kPage * kPage};
  page_bytes += touched.size() - pages_in(touched);
  sim::Bytes sum = 0;
  auto it = pieces.upper_bound(now.begin);
  if (it != pieces.begin()) {
    --it;
  }
  while (it != pieces.end() && it->first < now.end) {
    const DirtyPiece old = it->second;
    const sim::Extent was{it->first, it->first + old.length};
    if (!was.overlaps(now)) {
      ++it;
      continue;
    }
    const sim::Extent both = was.intersect(now);
    sum += both.size();
    if (keep_replaced) {
      replaced.push_back({old.file_offset + (both.begin - was.begin), both.size(), old.stamp});
    }
    if (was.begin < now.begin) {
      it->second.length = now.begin - was.begin;
      ++it;
    } else {
      it = pieces.erase(it);
    }
    if (was.end > now.end) {
      pieces.emplace_hint(
          it, now.end,
          DirtyPiece{old.file_offset + (now.end - was.begin), was.end - now.end, old.stamp});
    }
  }
  pieces.insert_or_assign(it, now.begin, piece);
  bytes += piece.length - sum;
  const sim::Extent range{piece.file_offset, piece.file_offset + piece.length};
  file = file.empty()
             ? range
             : sim::Extent{std::min(file.begin, range.begin), std::max(file.end, range.end)};
  return sum;
}

sim::Bytes DirtyChunk::pages_in(sim::Extent around) const {
  sim::Bytes sum = 0;
  sim::Bytes counted_to = around.begin;
  auto it = pieces.upper_bound(around.begin);
  if (it != pieces.begin()) {
    --it;
  }
  for (; it != pieces.end() && it->first < around.end; ++it) {
    const sim::Bytes begin = std::max(it->first / kPage * kPage, counted_to);
    const sim::Bytes last = (it->first + it->second.length + kPage - 1) / kPage * kPage;
    const sim::Bytes end = std::min(last, around.end);
    sum += end - std::min(begin, end);
    counted_to = std::max(counted_to, end);
  }
  return sum;
}

sim::Bytes DirtyChunk::cut(sim::Bytes size) {
  const sim::Bytes before = bytes;
  for (auto it = pieces.begin(); it != pieces.end();) {
    DirtyPiece& piece = it->second;
    const sim::Bytes kept =
        piece.file_offset >= size ? 0 : std::min(piece.length, size - piece.file_offset);
    bytes -= piece.length - kept;
    piece.length = kept;
    it = kept == 0 ? pieces.erase(it) : std::next(it);
  }
  file.end = std::min(file.end, size);
  page_bytes = pages_in({0, sim::kEof});
  return before - bytes;
}

void DirtyChunk::settle(const sim::Timeline& timeline) {
  for (const std::shared_ptr<Flush>& flush : std::exchange(awaited, {})) {
    --flush->chunks;
    flush->last = timeline;
    flush->written.set();
  }
}

}  // namespace stripe
