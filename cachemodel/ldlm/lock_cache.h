// A client's granted locks on one server: who uses them, and which go when nobody does.
#pragma once

#include <boost/intrusive/list.hpp>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <optional>
#include <unordered_map>
#include <vector>

#include "cachemodel/ldlm/granted_extents.h"
#include "cachemodel/ldlm/inode_bits.h"
#include "cachemodel/ldlm/lock.h"
#include "cachemodel/ldlm/lock_lru.h"
#include "sim/units.h"

namespace cachemodel {

// What a server granted. An inode-bits lock covers the whole object, an extent lock has all bits.
struct GrantedLock {
  LockHandle handle = kNoLock;
  ResourceName resource;
  LockMode mode = LockMode::pr;
  sim::Extent extent{0, sim::kEof};
  InodeBits bits = kAllInodeBits;
};

// Sends nothing: it says which locks to cancel, and forgets one when told that this has begun.
// Costs are logarithmic in the locks of a resource. Time never goes back.
class LockCache {
 public:
  explicit LockCache(const LruOptions& options);
  ~LockCache();
  LockCache(const LockCache&) = delete;
  LockCache& operator=(const LockCache&) = delete;

  // A new lock, with one user: whoever asked for it.
  void add(const GrantedLock& lock);
  // A lock on `resource` of one of `modes` (see modes_that_serve) that covers all of `extent` and
  // `bits` and is not called back; it gets one more user. Nothing if there is none.
  std::optional<LockHandle> match(const ResourceName& resource, ModeSet modes, sim::Extent extent,
                                  InodeBits bits = kAllInodeBits);
  // The extent of the lock that match() would find. It counts as used at `now`, as if its user were
  // done at once, for a fraction of what match() and release() cost.
  std::optional<sim::Extent> touch(const ResourceName& resource, ModeSet modes, sim::Extent extent,
                                   InodeBits bits, sim::TimePoint now);
  // A user is done. True if the lock is to be cancelled now: it was the last one, and the lock is
  // called back. Of a lock that is gone, false.
  [[nodiscard]] bool release(LockHandle handle, sim::TimePoint now);
  // The server wants the lock back: it gets no more users. True if it is to be cancelled now, since
  // it has none; false if its last user's release will say so, or if it is gone.
  [[nodiscard]] bool call_back(LockHandle handle);
  // Instead of being cancelled, an inode-bits lock without users keeps the rest of its bits, which
  // must not be none, and may be used again.
  void drop_bits(LockHandle handle, InodeBits drop, sim::TimePoint now);
  // The lock is being cancelled, or lost. Its users may still release it.
  void remove(LockHandle handle);

  // The server lock volume of the latest reply.
  void set_server_volume(std::uint64_t slv) { rule_.set_server_volume(slv); }
  // Appends to `out` the unused locks to be cancelled by the rules of LruOptions, those unused
  // longest first. They get no more users.
  void collect_excess(sim::TimePoint now, std::vector<LockHandle>& out);

  std::optional<GrantedLock> find(LockHandle handle) const;
  // The handles of all locks here, or of those on one resource; ascending.
  std::vector<LockHandle> held() const;
  std::vector<LockHandle> held_on(const ResourceName& resource) const;
  bool any_on(const ResourceName& resource) const { return resources_.contains(resource); }
  // Where the lock on `resource` that goes furthest ends; 0 if there is none.
  sim::Bytes reach_on(const ResourceName& resource) const;
  std::size_t size() const { return locks_.size(); }
  std::size_t unused() const { return lru_.size(); }

 private:
  using LruHook = boost::intrusive::list_base_hook<boost::intrusive::tag<struct LruTag>>;
  struct Cached : ExtentNode, LruHook {
    GrantedLock lock;
    std::size_t users = 0;
    sim::TimePoint last_used;
  };
  Cached* get(LockHandle handle);
  Cached* serving(const ResourceName& resource, ModeSet modes, sim::Extent extent, InodeBits bits);
  void join_lru(Cached& cached, sim::TimePoint now);
  void leave_lru(Cached& cached);
  void stop_using(Cached& cached);

  LruRule rule_;
  std::pmr::unsynchronized_pool_resource memory_;
  std::pmr::unordered_map<LockHandle, Cached> locks_;
  std::pmr::unordered_map<ResourceName, GrantedExtents, ResourceNameHash> resources_;
  // Without users and not called back, unused longest first.
  boost::intrusive::list<Cached, boost::intrusive::base_hook<LruHook>> lru_;
};

}  // namespace cachemodel
