// The write-back cache: takes writes in, and brings them to the OSTs in full RPCs, later.
#pragma once

#include "cachemodel/page_cache.h"
#include "stripe/client/lov.h"

namespace stripe {

// Dirty data of each object collects in chunks as long as the largest RPC. A full chunk is written
// at once; a partial one when it is asked for (fsync), when another writer has to wait for room, or
// when it has been dirty for too long. Two RPCs for the same chunk are never under way together, so
// that a rewrite cannot be overtaken by what it replaces.
class WriteBack {
 public:
  WriteBack(ClientContext& context, Lov& lov, cachemodel::PageCache& cache);

  // Takes in `range` of the file as written by `stamp`: waits for room (slot), copies (client_cpu).
  // Everything the range covers must be instantiated.
  sim::Task<Outcome> absorb(Inode& inode, sim::Extent range, transport::Stamp stamp);
  // Writes everything dirty of the file and waits for it. Errors are in inode.write_error. The
  // waiter's `timeline`, which is in stage slot, takes over what happened to each RPC while it was
  // the next to end.
  sim::Task<void> flush(Inode& inode, sim::Timeline* timeline = nullptr);
  // Forgets dirty data at and beyond `size`, which a truncate cuts off.
  void discard(Inode& inode, sim::Bytes size);

  sim::Bytes dirty() const { return dirty_; }

 private:
  sim::Task<void> make_room(Osc& osc, sim::Bytes bytes);
  void put(Inode& inode, const SplitPlan& plan, const SubRequest& request, transport::Stamp stamp);
  void dispatch(Inode& inode, const DirtyChunk::Key& key);
  void dispatch_all(Inode& inode);
  sim::Task<void> write_chunk(std::unique_ptr<DirtyChunk> chunk);
  void finish_chunk(DirtyChunk& chunk, const Transfer& transfer);
  sim::Task<void> age();

  ClientContext& context_;
  Lov& lov_;
  cachemodel::PageCache& cache_;
  sim::Bytes dirty_ = 0;
  bool aging_ = false;
  sim::IntrusiveList<DirtyChunk> chunks_;  // all that wait, oldest first
  sim::TaskGroup tasks_;
};

}  // namespace stripe
