// A file as one mounted client knows it, shared by all its open handles there.
#pragma once

#include <algorithm>
#include <list>
#include <map>
#include <span>

#include "stripe/client/dirty_chunk.h"
#include "stripe/client/osc.h"
#include "stripe/protocol/mds_messages.h"

namespace stripe {

using Extents = Few<sim::Extent>;

// A read of file content under way, for its first asker or ahead of need; others may wait for it
// too.
struct Fetch {
  Fetch(sim::Loop& loop, sim::Extent range) : extent(range), done(loop, "a page being read") {}
  sim::Extent extent;
  sim::Event done;
  Outcome outcome;
  sim::TimePoint ended;
  std::uint32_t waiters = 0;
  // Parts that were written or cut off since it began: what it brings of them is old.
  std::vector<sim::Extent> outdated;
};

struct Inode : sim::ListNode {
  Inode(sim::Loop& loop, Fid file)
      : fid(file), write_turn(loop, 1, "write-back"), read_turn(loop, 1, "a fetch's turn") {}

  Fid fid;
  Layout layout;
  // What this client last heard of the file's end: the MDT's word at open, its own writes, what
  // objects said. Others may have written more since, or cut it.
  sim::Bytes known_size = 0;
  std::uint32_t cuts = 0;        // truncates so far: sizes asked for before the last one are old
  std::int64_t mtime_ns = 0;     // the latest time of a write that it heard of or did
  std::uint32_t users = 0;       // open handles, and operations under way without one
  bool unlinked = false;         // nobody can open it any more, and nobody else has it open
  bool cached = false;           // some of its content may be in the page cache
  bool content_unknown = false;  // the servers keep no contents

  std::map<DirtyChunk::Key, std::unique_ptr<DirtyChunk>> dirty;
  std::map<DirtyChunk::Key, std::unique_ptr<DirtyChunk>> writing;  // under way
  // The error of writing back at the lowest offset since the last time an fsync or close reported
  // one.
  sim::Errc write_error = sim::Errc::ok;
  sim::Bytes write_error_at = 0;
  // What of known_size rests on this client's unwritten data: its own writes moved it to
  // `grown_to`, and without those that are not written yet it would be `written_size`.
  sim::Bytes grown_to = 0;
  sim::Bytes written_size = 0;

  std::list<Fetch> fetches;

  // With serial dispatch: one chunk of the file is being written at a time, and one fetch is under
  // way.
  sim::Semaphore write_turn;
  sim::Semaphore read_turn;

  // What fetches under way bring of `range` is not to be kept.
  void outdate(sim::Extent range) {
    for (Fetch& fetch : fetches) {
      if (!fetch.extent.overlaps(range)) {
        continue;
      }
      if (!fetch.outdated.empty() && fetch.outdated.back().end == range.begin) {
        fetch.outdated.back().end = range.end;
      } else {
        fetch.outdated.push_back(range);
      }
    }
  }
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
