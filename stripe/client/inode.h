// A file as one mounted client knows it, shared by all its open handles there.
#pragma once

#include <algorithm>
#include <list>
#include <map>
#include <span>
#include <tuple>

#include "stripe/client/osc.h"
#include "stripe/protocol/mds_messages.h"

namespace stripe {

struct Inode;

using Extents = Few<sim::Extent>;

// Bytes of one write that wait in the cache, contiguous in the file and in the object.
struct DirtyPiece {
  sim::Bytes object_offset = 0;
  sim::Bytes file_offset = 0;
  sim::Bytes length = 0;
  transport::Stamp stamp;
};

// Dirty data of one object that one RPC will carry: an aligned stretch of the object as long as the
// largest RPC (Lustre: osc extents).
struct DirtyChunk : sim::ListNode, sim::Pooled {
  using Key = std::tuple<std::uint32_t, std::uint32_t, sim::Bytes>;  // component, stripe, number
  Inode* inode = nullptr;
  Osc* osc = nullptr;
  Key key;
  ObjectId object;
  std::vector<DirtyPiece> pieces;  // by object_offset, without overlap
  sim::Bytes bytes = 0;
  sim::TimePoint since;  // when it first became dirty
};

// A read of file content under way, for its first asker or ahead of need; others may wait for it
// too.
struct Fetch {
  Fetch(sim::Loop& loop, sim::Extent range) : extent(range), done(loop, "a page being read") {}
  sim::Extent extent;
  sim::Event done;
  Outcome outcome;
  sim::TimePoint ended;
  std::uint32_t waiters = 0;
};

struct Inode : sim::ListNode {
  Inode(sim::Loop& loop, Fid file) : fid(file), written(loop, "dirty data to be written") {}

  Fid fid;
  Layout layout;
  // What this client last heard of the file's end: the MDT's word at open, its own writes, what
  // objects said. Others may have written more since, or cut it.
  sim::Bytes known_size = 0;
  std::uint32_t cuts = 0;     // times this client set known_size; what was asked before is too late
  std::int64_t mtime_ns = 0;  // the latest time of a write that it heard of or did
  std::uint32_t users = 0;    // open handles, and operations under way without one
  bool unlinked = false;      // nobody can open it any more, and nobody else has it open
  bool cached = false;        // some of its content may be in the page cache
  bool content_unknown = false;  // the servers keep no contents

  std::map<DirtyChunk::Key, std::unique_ptr<DirtyChunk>> dirty;
  std::map<DirtyChunk::Key, bool> writing;  // chunks under way; true: write the next one at once
  sim::Event written;                       // set whenever a chunk has been written
  sim::Timeline last_write;                 // of the chunk that was written last
  // The first error of writing back since the last time an fsync or close reported one.
  sim::Errc write_error = sim::Errc::ok;
  std::list<Fetch> fetches;

  std::uint64_t content_id() const { return fid.content_id(); }
  // Written by this client, and not yet at the OSTs.
  bool has_dirty() const { return !dirty.empty() || !writing.empty(); }
  bool idle() const { return users == 0 && !has_dirty() && fetches.empty(); }
  // Takes the layout the MDT sent: protocol if it cannot be read.
  sim::Errc take_layout(std::span<const std::byte> bytes);
  // The file's end is known to be at least `end`, if the answer belongs to the time after `cut`.
  void reaches(sim::Bytes end, std::uint32_t cut) {
    if (cut == cuts) {
      known_size = std::max(known_size, end);
    }
  }
};

}  // namespace stripe
