// A file as one mounted client knows it, shared by all its open handles there.
#pragma once

#include <list>
#include <map>
#include <tuple>

#include "stripe/client/osc.h"
#include "stripe/protocol/mds_messages.h"

namespace stripe {

struct Inode;

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

struct Inode {
  Inode(sim::Loop& loop, Fid file) : fid(file), written(loop, "dirty data to be written") {}

  Fid fid;
  Layout layout;
  bool layout_known = false;
  // What this client knows of the file's end: the MDT's word at open, its own writes, what objects
  // said. Others may have written more.
  sim::Bytes known_size = 0;
  std::int64_t mtime_ns = 0;
  std::uint32_t open_handles = 0;
  bool content_unknown = false;  // the servers keep no contents

  std::map<DirtyChunk::Key, std::unique_ptr<DirtyChunk>> dirty;
  std::map<DirtyChunk::Key, bool> writing;  // chunks under way; true: write the next one at once
  sim::Event written;                       // set whenever a chunk has been written
  // The first error of writing back since the last time an fsync or close reported one.
  sim::Errc write_error = sim::Errc::ok;
  std::list<Fetch> fetches;

  std::uint64_t content_id() const { return fid.content_id(); }
};

}  // namespace stripe
