// What makes the data in a client's cache valid when others may change the file, and who is asked
// first. Coherence policies differ in this, and in nothing else.
#pragma once

#include <algorithm>
#include <boost/container/small_vector.hpp>

#include "stripe/client/inode.h"
#include "stripe/client/lock_client.h"
#include "stripe/client/open_flags.h"
#include "stripe/layout/split.h"

namespace stripe {

// What one read or write may do with the cache, and what it holds until it has ended.
struct Access {
  bool use_cache = true;     // pages may serve a read, and stay; else it goes past them
  bool write_behind = true;  // a write may wait in the cache
  bool server_lock = false;  // past the cache, the servers are to lock the ranges
  // Past the cache as if there were none: what is dirty there is not written first, and what is
  // there of a written range stays.
  bool beside = false;
  sim::Extent ahead{0, sim::kEof};  // read-ahead stays within, in the file
  boost::container::small_vector<LockClient::Hold, 2> locks;
  // None of the locks is gone because a server has given this client up.
  bool holds() const { return std::ranges::none_of(locks, &LockClient::Hold::gone); }
  std::shared_ptr<void> kept;  // what else ends with the access
};

class CachePolicy {
 public:
  virtual ~CachePolicy() = default;

  // True if `range` may be read or written at once; `access` says how. Asks nobody.
  virtual bool admit_at_once(Inode& inode, sim::Extent range, IoKind kind, bool direct,
                             Access& access) = 0;
  // Else: asks whom it has to, and gives up what is not valid any more.
  virtual sim::Task<sim::Errc> admit(Inode& inode, sim::Extent range, IoKind kind, bool direct,
                                     Access& access, sim::Timeline& timeline) = 0;

  // A write that went beside the cache has ended.
  virtual sim::Task<void> went_beside(Inode& inode, sim::Extent range, sim::Timeline& timeline) {
    static_cast<void>(inode), static_cast<void>(range), static_cast<void>(timeline);
    co_return;
  }
  // A file was opened; what the MDT said of it stands in the inode.
  virtual sim::Task<sim::Errc> opened(Inode& inode, OpenFlags flags, sim::Timeline& timeline) {
    static_cast<void>(inode), static_cast<void>(flags), static_cast<void>(timeline);
    co_return sim::Errc::ok;
  }
  // A handle is about to be closed.
  virtual sim::Task<sim::Errc> closing(Inode& inode, OpenFlags flags, sim::Timeline& timeline) {
    static_cast<void>(inode), static_cast<void>(flags), static_cast<void>(timeline);
    co_return sim::Errc::ok;
  }
  // Nobody uses the inode any more, and it is about to be forgotten with what is cached of it.
  virtual void forget(Inode& inode) { static_cast<void>(inode); }
  // A message that a server sent on its own. False if it is not for this policy.
  virtual bool callback(const transport::Message& request) {
    static_cast<void>(request);
    return false;
  }
  // Gives back all it holds at servers. Returns what it could not: locks still in use, a leak.
  virtual sim::Task<std::size_t> release_all() { co_return 0; }
  // What it holds at servers now.
  virtual std::size_t held() const { return 0; }
};

}  // namespace stripe
