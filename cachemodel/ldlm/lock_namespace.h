// All locks of one server: an OST's, of extents, or an MDT's, of inode bits.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory_resource>
#include <optional>
#include <unordered_map>
#include <vector>

#include "cachemodel/ldlm/contention.h"
#include "cachemodel/ldlm/lock.h"
#include "cachemodel/ldlm/lock_resource.h"
#include "sim/units.h"

namespace cachemodel {

struct EnqueueResult {
  EnqueueOutcome outcome = EnqueueOutcome::would_block;
  LockHandle handle = kNoLock;  // of a lock granted or waiting
  sim::Extent extent;           // granted: what is covered, which may be more than was asked for
  InodeBits bits = 0;           // granted: with those bits to try that were free
  bool contended = false;       // the resource is, to be told to the client
};

// What can be asked about a lock.
struct LockInfo {
  ResourceName resource;
  ClientId client = 0;
  LockMode mode = LockMode::pr;
  sim::Extent extent;  // granted, or asked for
  InodeBits bits = 0;
  bool granted = false;
  bool called_back = false;
};

// Makes no messages: it says which to send. A lock is told to its holder as blocking once, however
// many wait for it; after a conversion, once more if need be. An enqueue is logarithmic in the
// granted locks of its resource and linear in the waiting ones; where contention is looked for, one
// that meets conflicts is linear in these too. A cancel is linear in the waiting locks, once for
// itself and once for each lock it lets pass. Memory of locks that went is used again.
class LockNamespace {
 public:
  explicit LockNamespace(LockType type, ContentionOptions contention = {});
  ~LockNamespace();
  LockNamespace(const LockNamespace&) = delete;
  LockNamespace& operator=(const LockNamespace&) = delete;

  // Each of these first clears `out`, then fills it with what is to be sent.
  EnqueueResult enqueue(const LockRequest& request, sim::TimePoint now, LockCallbacks& out);
  // A lock that was granted here before all were forgotten, with the handle it had, as it was
  // granted. Of two that conflict the second waits, which cannot be if both were held. False if the
  // handle is in use, or was never given (see skip_handles).
  bool restore(LockHandle handle, const LockRequest& request, sim::TimePoint now,
               LockCallbacks& out);
  // New locks get handles behind `last`.
  void skip_handles(LockHandle last) { last_handle_ = std::max(last_handle_, last); }
  LockHandle last_handle() const { return last_handle_; }
  // Ends a lock, granted or waiting. False if there is none: it was cancelled, or its client was
  // evicted, while the message was on its way.
  bool cancel(LockHandle handle, LockCallbacks& out);
  // A granted inode-bits lock gives up `drop`; with its last bit it is cancelled. False if there is
  // no such lock, or it waits.
  bool convert(LockHandle handle, InodeBits drop, LockCallbacks& out);
  // Ends all locks of `client`: those that wait first, from the last on, so that none of them is
  // granted on the way.
  void evict(ClientId client, LockCallbacks& out);

  // Whom to ask for the size of an object that is known to be `known_size`: see
  // LockResource::glimpse. To be asked when a non-blocking PR lock on the whole object would block,
  // and again with what the answers were, until there is nobody left.
  void glimpse(const ResourceName& name, sim::Bytes known_size, const GlimpseAsked& asked,
               std::vector<GlimpseCallback>& out) const;
  // A glimpse that begins now.
  GlimpseAsked begin_glimpse() const { return {last_handle_, {}, {}}; }

  std::optional<LockInfo> find(LockHandle handle) const;
  bool contended(const ResourceName& name, sim::TimePoint now) const;
  std::size_t granted_count() const { return granted_; }
  std::size_t waiting_count() const { return locks_.size() - granted_; }
  std::size_t resource_count() const { return resources_.size(); }

 private:
  Lock& make_lock(LockHandle handle, const LockRequest& request, LockResource& resource);
  EnqueueResult add(LockHandle handle, const LockRequest& request, sim::TimePoint now,
                    LockCallbacks& out);
  void forget(Lock& lock);
  void remove(Lock& lock, LockCallbacks& out);
  LockResource& resource_of(const ResourceName& name);

  LockType type_;
  ContentionOptions contention_;
  LockHandle last_handle_ = kNoLock;
  std::size_t granted_ = 0;
  std::pmr::unsynchronized_pool_resource memory_;
  std::pmr::unordered_map<LockHandle, Lock> locks_;
  std::pmr::unordered_map<ResourceName, LockResource, ResourceNameHash> resources_;
  std::pmr::unordered_map<ClientId, ClientLocks> clients_;
};

}  // namespace cachemodel
