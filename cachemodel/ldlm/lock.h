// What a lock server knows of one lock, and what it tells about it.
#pragma once

#include <array>
#include <boost/intrusive/list.hpp>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "cachemodel/ldlm/extent_growth.h"
#include "cachemodel/ldlm/extent_tree.h"
#include "cachemodel/ldlm/inode_bits.h"
#include "cachemodel/ldlm/lock_mode.h"
#include "sim/units.h"

namespace cachemodel {

// What a lock is on: an OST object's id, or a FID, in Lustre's four words.
struct ResourceName {
  std::array<std::uint64_t, 4> words = {};
  auto operator<=>(const ResourceName&) const = default;
};

struct ResourceNameHash {
  std::size_t operator()(const ResourceName& name) const;
};

// A lock's number in its namespace: 1, 2, ... in the order of enqueueing, never used again.
using LockHandle = std::uint64_t;
inline constexpr LockHandle kNoLock = 0;

struct LockRequest {
  ResourceName resource;
  ClientId client = 0;
  LockMode mode = LockMode::pr;
  sim::Extent extent{0, sim::kEof};  // in a namespace of extents: half-open; must not be empty
  InodeBits bits = 0;                // in a namespace of inode bits: what must be granted
  InodeBits try_bits = 0;            // and what may be left out if it is not free
  std::uint64_t group = 0;           // GROUP locks of different groups are incompatible
  bool no_expansion = false;         // extents are granted as asked for; so are server-local locks
  bool non_blocking = false;         // rather no lock than one to wait for
};

// A lock whose holder is to be sent a blocking callback.
struct BlockingCallback {
  LockHandle handle = kNoLock;
  ClientId client = 0;
  // Which of its inode bits are in the way; a holder may convert the lock and keep the others. All
  // bits for an extent lock.
  InodeBits wanted = 0;
  bool operator==(const BlockingCallback&) const = default;
};

// A lock that waited and is granted now: its holder is to be sent a completion callback.
struct CompletionCallback {
  LockHandle handle = kNoLock;
  ClientId client = 0;
  sim::Extent extent;
  InodeBits bits = 0;
  // Not 0: somebody already waits for this lock, and the message is a blocking callback too, with
  // this as its `wanted`.
  InodeBits wanted = 0;
  bool operator==(const CompletionCallback&) const = default;
};

// What a change of the locks makes a server send. Completions stand in the order of granting,
// blocking callbacks of one change in the order of their locks' handles.
struct LockCallbacks {
  std::vector<BlockingCallback> blocking;
  std::vector<CompletionCallback> completions;
  void clear() {
    blocking.clear();
    completions.clear();
  }
};

// In the waiting queue, or with the granted inode-bits locks of its kind.
using QueueHook = boost::intrusive::list_base_hook<boost::intrusive::tag<struct QueueTag>>;
// Among its client's locks.
using ClientHook = boost::intrusive::list_base_hook<boost::intrusive::tag<struct ClientTag>>;

class LockResource;

// Granted or waiting; linked in place everywhere. An extent lock has all bits and an inode-bits
// lock covers the whole object, so that one rule of conflict serves both.
struct Lock : ExtentNode, QueueHook, ClientHook {
  LockHandle handle = kNoLock;
  LockResource* resource = nullptr;
  ClientId client = 0;
  LockMode mode = LockMode::pr;
  std::uint64_t group = 0;
  sim::Extent requested;
  InodeBits bits = 0;      // asked for; once granted, what is held
  InodeBits try_bits = 0;  // of a lock not granted yet
  bool no_expansion = false;
  bool granted = false;
  // Of a waiting lock: how many that waited before it and still do, conflict with it.
  std::size_t waits_behind = 0;

  // What it covers: what is granted, or what is asked for.
  sim::Extent covers() const { return granted ? extent() : requested; }
};

using LockQueue = boost::intrusive::list<Lock, boost::intrusive::base_hook<QueueHook>>;
using ClientLocks = boost::intrusive::list<Lock, boost::intrusive::base_hook<ClientHook>>;

// Whether locks of these modes, and groups if both are GROUP, cannot be held on the same thing.
bool incompatible(LockMode a, std::uint64_t group_a, LockMode b, std::uint64_t group_b);
inline bool incompatible(const Lock& a, const Lock& b) {
  return incompatible(a.mode, a.group, b.mode, b.group);
}
// Whether they cannot be held together, whoever holds them.
bool conflict(const Lock& a, const Lock& b);

}  // namespace cachemodel
