// The write-back cache: takes writes in, and brings them to the OSTs in full RPCs, later.
#pragma once

#include <functional>
#include <set>
#include <utility>

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
  // covers must be instantiated. If `allowed` says no when a part has room, that part and what
  // follows are not taken in: evicted.
  using Allowed = std::function<bool()>;
  sim::Task<Outcome> absorb(Inode& inode, sim::Extent range, transport::Stamp stamp,
                            Allowed allowed = {});
  // Writes what is dirty of `range` now, and waits for it and what is under way already; not for
  // what becomes dirty meanwhile. Errors are in inode.write_error. The waiter's `timeline`, if it
  // gives one, is in stage slot and takes over what happened to each RPC while it was the next to
  // end.
  sim::Task<void> flush(Inode& inode, sim::Extent range, sim::Timeline* timeline = nullptr);
  sim::Task<void> flush(Inode& inode, sim::Timeline* timeline = nullptr) {
    return flush(inode, {0, sim::kEof}, timeline);
  }
  // The same for what is dirty of one object of the file, by offsets in the object.
  sim::Task<void> flush_object(Inode& inode, std::uint32_t component, std::uint32_t stripe,
                               sim::Extent extent);
  // The same for what is dirty for some targets.
  sim::Task<void> flush_targets(Inode& inode, std::set<std::uint32_t> targets,
                                sim::Timeline* timeline = nullptr);
  // Called before dirty data of a file goes to a target; what it brings is kept until that has
  // ended.
  using Announce = std::function<sim::Task<std::shared_ptr<void>>(Inode&, std::uint32_t target)>;
  void set_announce(Announce announce) { announce_ = std::move(announce); }
  // What is dirty rests on locks: it is lost with them when a target evicts this client, also what
  // waits for its turn to be sent.
  void set_rests_on_locks() { rests_on_locks_ = true; }
  // True if some of `range` is dirty, or on its way to a target.
  static bool dirty_within(const Inode& inode, sim::Extent range);
  // Where the unwritten data of an object ends, by offset in the object; 0 if it has none.
  sim::Bytes object_end(const Inode& inode, std::uint32_t component, std::uint32_t stripe) const;
  // Forgets what is dirty of an extent of an object: it cannot be written any more. The next fsync
  // or close tells of it.
  void lose_object(Inode& inode, std::uint32_t component, std::uint32_t stripe, sim::Extent extent);
  // Forgets dirty data at and beyond `size`, which a truncate cuts off. What is under way goes on.
  void discard(Inode& inode, sim::Bytes size);

  sim::Bytes dirty() const { return dirty_; }

 private:
  struct Target {
    sim::IntrusiveList<DirtyChunk> waiting;  // oldest first, without the urgent ones
    std::uint32_t under_way = 0;             // chunks
  };
  class Room;
  // Pages reserved of a grant, until they are dirty; `given` is false if there is no grant for
  // them.
  class Promise {
   public:
    Promise() = default;
    Promise(ClientGrant& grant, sim::Bytes bytes, bool given)
        : grant_(&grant), bytes_(bytes), given_(given) {}
    Promise(Promise&& from) noexcept { *this = std::move(from); }
    Promise& operator=(Promise&& from) noexcept {
      std::swap(grant_, from.grant_);
      std::swap(bytes_, from.bytes_);
      std::swap(given_, from.given_);
      return *this;
    }
    ~Promise();
    bool given() const { return given_; }
    // So much of it is now a chunk's.
    void use(sim::Bytes bytes) { bytes_ -= bytes; }

   private:
    ClientGrant* grant_ = nullptr;
    sim::Bytes bytes_ = 0;
    bool given_ = false;
  };

  sim::Task<void> wait_for_room(std::uint32_t target, sim::Bytes bytes);
  sim::Task<Promise> promise(const SplitPlan& plan, const SubRequest& request);
  sim::Task<sim::Errc> write_now(Inode& inode, const SplitPlan& plan, const SubRequest& request,
                                 transport::Stamp stamp, sim::Timeline& timeline);
  using Wanted = std::function<bool(const DirtyChunk&)>;
  sim::Task<void> flush_if(Inode& inode, Wanted wanted, sim::Timeline* timeline);
  // Returns how much more of a grant its chunk now needs.
  sim::Bytes put(Inode& inode, const SplitPlan& plan, const SubRequest& request,
                 transport::Stamp stamp);
  DirtyChunk& chunk_for(Inode& inode, const SplitPlan& plan, const SubRequest& request);
  void grow(Inode& inode, sim::Bytes end) const;
  std::optional<std::uint64_t> evictions_of(std::uint32_t target);
  void relieve(std::uint32_t target, bool room_wanted);
  void dispatch(DirtyChunk& chunk);
  static std::shared_ptr<const transport::Payload> superseded_by(const DirtyChunk& chunk);
  sim::Task<void> write_chunk(DirtyChunk& chunk);
  void finish_chunk(DirtyChunk& chunk, const Transfer& transfer);
  void lose(DirtyChunk& chunk);
  void note_failure(const DirtyChunk& chunk, sim::Errc status);
  sim::Task<void> age();
  bool anything_waits() const;

  ClientContext& context_;
  Lov& lov_;
  cachemodel::PageCache& cache_;
  sim::Bytes dirty_ = 0;
  bool aging_ = false;
  bool rests_on_locks_ = false;
  Announce announce_;
  std::vector<cachemodel::CachePiece> pieces_;  // scratch
  std::map<std::uint32_t, Target> targets_;     // by index; kMdtTarget is the last
  sim::TaskGroup tasks_;
};

}  // namespace stripe
