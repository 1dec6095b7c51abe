// The write-back cache: takes writes in, and brings them to the OSTs in full RPCs, later.
#pragma once

#include "cachemodel/page_cache.h"
#include "stripe/client/lov.h"

namespace stripe {

// Dirty data of each object collects in chunks as long as the largest RPC. A full chunk is written
// at once; a partial one when it is asked for (fsync, direct I/O), when it has been dirty for too
// long, or when a writer waits for room and the target has fewer RPCs than it may have (Lustre:
// osc_makes_rpc). Two RPCs for the same chunk are never under way together, so that a rewrite
// cannot be overtaken by what it replaces.
class WriteBack {
 public:
  WriteBack(ClientContext& context, Lov& lov, cachemodel::PageCache& cache);

  // Takes in `range` of the file as written by `stamp`, one part after another: waits for room
  // (slot), copies (client_cpu), and only then lets it go to its target. Everything the range
  // covers must be instantiated.
  sim::Task<Outcome> absorb(Inode& inode, sim::Extent range, transport::Stamp stamp);
  // Writes what is dirty of `range` now, and waits for it and what is under way already; not for
  // what becomes dirty meanwhile. Errors are in inode.write_error. The waiter's `timeline`, if it
  // gives one, is in stage slot and takes over what happened to each RPC while it was the next to
  // end.
  sim::Task<void> flush(Inode& inode, sim::Extent range, sim::Timeline* timeline = nullptr);
  sim::Task<void> flush(Inode& inode, sim::Timeline* timeline = nullptr) {
    return flush(inode, {0, sim::kEof}, timeline);
  }
  // Forgets dirty data at and beyond `size`, which a truncate cuts off. What is under way goes on.
  void discard(Inode& inode, sim::Bytes size);

  sim::Bytes dirty() const { return dirty_; }

 private:
  struct Target {
    sim::IntrusiveList<DirtyChunk> waiting;  // oldest first, without the urgent ones
    std::uint32_t under_way = 0;             // chunks
  };
  class Room;

  sim::Task<void> wait_for_room(std::uint32_t target, sim::Bytes bytes);
  void put(Inode& inode, const SplitPlan& plan, const SubRequest& request, transport::Stamp stamp);
  DirtyChunk& chunk_for(Inode& inode, const SplitPlan& plan, const SubRequest& request);
  void grow(Inode& inode, sim::Bytes end) const;
  void relieve(std::uint32_t target, bool room_wanted);
  void dispatch(DirtyChunk& chunk);
  sim::Task<void> write_chunk(DirtyChunk& chunk);
  void finish_chunk(DirtyChunk& chunk, const Transfer& transfer);
  void note_failure(const DirtyChunk& chunk, sim::Errc status);
  sim::Task<void> age();
  bool anything_waits() const;

  ClientContext& context_;
  Lov& lov_;
  cachemodel::PageCache& cache_;
  sim::Bytes dirty_ = 0;
  bool aging_ = false;
  std::vector<cachemodel::CachePiece> pieces_;  // scratch
  std::map<std::uint32_t, Target> targets_;     // by index; kMdtTarget is the last
  sim::TaskGroup tasks_;
};

}  // namespace stripe
