// What of one object waits in a client's cache to be written: the unit of write-back.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <tuple>
#include <vector>

#include "sim/intrusive_list.h"
#include "sim/sync.h"
#include "sim/timeline.h"
#include "stripe/layout/object_id.h"
#include "transport/payload.h"

namespace stripe {

struct Inode;

// Bytes of one write that wait in the cache, contiguous in the file and in the object.
struct DirtyPiece {
  sim::Bytes file_offset = 0;
  sim::Bytes length = 0;
  transport::Stamp stamp;
  bool operator==(const DirtyPiece&) const = default;
};

// Somebody waits until what was dirty at one moment has been written.
struct Flush {
  explicit Flush(sim::Loop& loop) : written(loop, "dirty data to be written") {}
  std::size_t chunks = 0;  // not written yet
  sim::Event written;      // set whenever one more has been
  sim::Timeline last;      // of the one that was written last
};

// Dirty data of one object that one RPC will carry: an aligned stretch of the object as long as the
// largest RPC (Lustre: osc extents).
struct DirtyChunk : sim::ListNode, sim::Pooled {
  using Key = std::tuple<std::uint32_t, std::uint32_t, sim::Bytes>;  // component, stripe, number
  Inode* inode = nullptr;
  std::uint32_t target = 0;  // as in SubRequest
  Key key;
  ObjectId object;
  std::map<sim::Bytes, DirtyPiece> pieces;  // by offset in the object; they do not overlap
  sim::Bytes bytes = 0;                     // of all pieces
  sim::Bytes page_bytes = 0;                // of the pages they touch
  sim::Bytes granted = 0;                   // of its OST's grant, for their pages
  sim::Extent file;      // covers all pieces; between them lie those of other stripes
  sim::TimePoint since;  // when it first became dirty
  bool urgent = false;   // to be written as soon as its predecessor of the same key has been
  // Of its target until it was to be written; see WriteTerms.
  std::optional<std::uint64_t> evictions;
  std::vector<std::shared_ptr<Flush>> awaited;
  std::vector<DirtyPiece> replaced;  // is lost if the chunk is: nothing else would have written it

  // Puts `piece` over what is at `object_offset`; returns how many bytes of old data it replaced.
  // `keep_replaced`: what they were stays in `replaced`.
  sim::Bytes put(sim::Bytes object_offset, const DirtyPiece& piece, bool keep_replaced = false);
  // Bytes of the pages that the pieces touch. Kept up to date by put() and cut().
  sim::Bytes pages() const { return page_bytes; }
  // Forgets what lies at or beyond `size` in the file; returns how many bytes that was.
  sim::Bytes cut(sim::Bytes size);
  // Of the pages in `around`, whole ones, those that the pieces touch.
  sim::Bytes pages_in(sim::Extent around) const;
  // Tells those who wait for this chunk that it waits no more, and what happened to it.
  void settle(const sim::Timeline& timeline);
};

}  // namespace stripe
