// The locks of one resource: what is granted, what waits, and in which order that changes.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <set>
#include <vector>

#include "cachemodel/ldlm/contention.h"
#include "cachemodel/ldlm/granted_queue.h"
#include "cachemodel/ldlm/lock.h"
#include "sim/units.h"

namespace cachemodel {

enum class EnqueueOutcome : std::uint8_t { granted, waiting, would_block };

// A holder to ask for the object's size.
struct GlimpseCallback {
  LockHandle handle = kNoLock;
  ClientId client = 0;
  bool operator==(const GlimpseCallback&) const = default;
};

// What one glimpse has asked so far.
struct GlimpseAsked {
  LockHandle newest = kNoLock;  // what was written under later locks came after it
  std::set<LockHandle> locks;
  std::set<ClientId> answered;  // for all their locks; a holder may have given the one named up
};

// A request waits if it conflicts with a granted lock or with one that waited before it, and is
// granted as soon as it does not: first come, first served among those that conflict, also between
// locks of one client. Owns no locks.
class LockResource {
 public:
  // `options` and `memory` must outlive the resource.
  LockResource(const ResourceName& name, LockType type, const ContentionOptions& options,
               std::pmr::memory_resource* memory)
      : name_(name), options_(options), granted_(type, memory), found_(memory) {}

  const ResourceName& name() const { return name_; }
  bool empty() const { return granted_.size() == 0 && waiting_.empty(); }
  std::size_t granted_count() const { return granted_.size(); }
  std::size_t waiting_count() const { return waiting_.size(); }
  bool contended(sim::TimePoint now) const { return contention_.contended(now); }

  // Grants `lock`, whose handle is above all others here, or lets it wait, or, if it must not wait
  // (or only bits to try were wanted and none is free), does nothing with it. Appends to `blocking`
  // the conflicting locks that nobody waited for before.
  EnqueueOutcome enqueue(Lock& lock, bool non_blocking, sim::TimePoint now,
                         std::vector<BlockingCallback>& blocking);
  // Takes `lock`, granted or waiting here, out. Appends what it makes grantable to
  // `out.completions`.
  void remove(Lock& lock, LockCallbacks& out);
  // `lock`, granted here, gives up `drop` of its bits and keeps at least one. Appends what that
  // makes grantable; if others still wait for what it keeps, it is appended to `out.blocking` once
  // more.
  void drop_bits(Lock& lock, InodeBits drop, LockCallbacks& out);
  // Appends the holders that may know of a size beyond `known_size`: of the PW lock that reaches
  // furthest, and while those found were not expanded (another may then have written further),
  // of the next ones below. If these were asked before, and still others may know of a larger size
  // (who holds the highest lock may have written nothing yet), all of those. Each client once.
  void glimpse(sim::Bytes known_size, const GlimpseAsked& asked,
               std::vector<GlimpseCallback>& out) const;

 private:
  void grant(Lock& lock);
  sim::Extent grow(const Lock& lock) const;
  InodeBits free_try_bits(const Lock& lock) const;
  InodeBits wanted_of(const Lock& lock) const;
  void grant_if_free(LockQueue::iterator place, LockCallbacks& out);
  void call_back_conflicting(const Lock& lock, std::vector<BlockingCallback>& blocking);
  void count_contention(const Lock& lock, sim::TimePoint now);

  ResourceName name_;
  const ContentionOptions& options_;
  GrantedQueue granted_;
  LockQueue waiting_;  // in the order of handles
  ContentionDetector contention_;
  std::pmr::vector<Lock*> found_;  // of call_back_conflicting, kept for its memory
};

}  // namespace cachemodel
