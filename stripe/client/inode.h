// A file as one mounted client knows it, shared by all its open handles there.
#pragma once

#include <algorithm>
#include <map>
#include <span>

#include "stripe/client/dirty_chunk.h"
#include "stripe/client/fetches.h"
#include "stripe/client/osc.h"
#include "stripe/client/range_lock.h"
#include "stripe/protocol/mds_messages.h"

namespace stripe {

using Extents = Few<sim::Extent>;

struct Inode : sim::ListNode {
  Inode(sim::Loop& loop, Fid file)
      : fid(file),
        writers(loop),
        write_turn(loop, 1, "write-back"),
        read_turn(loop, 1, "a fetch's turn") {}

  Fid fid;
  Layout layout;
  // What this client last heard of the file's end: the MDT's word at open, its own writes, what
  // objects said. Others may have written more since, or cut it.
  sim::Bytes known_size = 0;
  // Glimpses of this client under way, and the furthest end it has heard of beside them since.
  std::uint32_t glimpses = 0;
  sim::Bytes heard = 0;
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
  // A write at `offset` that had been acknowledged has failed.
  void failed(sim::Errc why, sim::Bytes offset) {
    if (write_error == sim::Errc::ok || offset < write_error_at) {
      write_error = why;
      write_error_at = offset;
    }
  }
  // This client changes the file's data now. Returns its time of last change.
  std::int64_t touch(sim::TimePoint now) {
    mtime_ns = std::max(mtime_ns, now.ns());
    return mtime_ns;
  }
  // What of known_size rests on this client's unwritten data: its own writes moved it to
  // `grown_to`, and without those that are not written yet it would be `written_size`.
  sim::Bytes grown_to = 0;
  sim::Bytes written_size = 0;

  // Nobody else can change the layout without this client's hearing of it first.
  bool layout_valid = false;
  // The version of the layout, plus one, that what is cached belongs to, and from where on it had
  // no objects then.
  std::uint64_t cached_version = 0;
  sim::Bytes cached_to = 0;
  // Of which version of the layout, plus one, the locks of this client know the objects; 0: none.
  std::uint64_t objects_placed = 0;

  Fetches fetches;

  RangeLock writers;  // this client's, of data
  // With serial dispatch: one chunk of the file is being written at a time, and one fetch is under
  // way.
  sim::Semaphore write_turn;
  sim::Semaphore read_turn;

  // What fetches under way bring of `range` is not to be kept.
  void outdate(sim::Extent range) {
    fetches.for_each(range, [range](Fetches::Ref fetch) {
      if (!fetch->outdated.empty() && fetch->outdated.back().end == range.begin) {
        fetch->outdated.back().end = range.end;
      } else {
        fetch->outdated.push_back(range);
      }
    });
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
      heard = std::max(heard, end);
    }
  }
};

}  // namespace stripe
