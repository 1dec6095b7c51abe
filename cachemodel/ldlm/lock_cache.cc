#include "cachemodel/ldlm/lock_cache.h"

#include "sim/status.h"

namespace cachemodel {

LockCache::LockCache(const LruOptions& options)
    : rule_(options), locks_(&memory_), resources_(&memory_) {}

LockCache::~LockCache() { lru_.clear(); }

LockCache::Cached* LockCache::get(LockHandle handle) {
  const auto found = locks_.find(handle);
  return found == locks_.end() ? nullptr : &found->second;
}

std::optional<GrantedLock> LockCache::find(LockHandle handle) const {
  const auto found = locks_.find(handle);
  return found == locks_.end() ? std::nullopt : std::optional(found->second.lock);
}

void LockCache::add(const GrantedLock& lock) {
  const auto [place, added] = locks_.try_emplace(lock.handle);
  sim::check(added, "a server gives a handle once");
  Cached& cached = place->second;
  cached.lock = lock;
  cached.users = 1;
  resources_[lock.resource].insert(lock.mode, cached, lock.extent, lock.handle);
}

void LockCache::leave_lru(Cached& cached) {
  if (static_cast<LruHook&>(cached).is_linked()) {
    lru_.erase(lru_.iterator_to(cached));
  }
}

// From now on `cached` gets no more users.
void LockCache::stop_using(Cached& cached) {
  leave_lru(cached);
  if (!cached.called_back()) {
    resources_.find(cached.lock.resource)->second.call_back(cached.lock.mode, cached);
  }
}

std::optional<LockHandle> LockCache::match(const ResourceName& resource, ModeSet modes,
                                           sim::Extent extent, InodeBits bits) {
  const auto held = resources_.find(resource);
  if (held == resources_.end() || extent.empty()) {
    return std::nullopt;
  }
  Cached* found = nullptr;
  held->second.visit_trees(modes, [&](const ExtentTree& tree) {
    tree.visit_fresh_covering(extent, [&](ExtentNode& node) {
      Cached& cached = static_cast<Cached&>(node);
      found = (cached.lock.bits & bits) == bits ? &cached : nullptr;
      return found == nullptr;
    });
    return found == nullptr;
  });
  if (found == nullptr) {
    return std::nullopt;
  }
  leave_lru(*found);
  ++found->users;
  return found->lock.handle;
}

bool LockCache::release(LockHandle handle, sim::TimePoint now) {
  Cached* cached = get(handle);
  if (cached == nullptr) {
    return false;
  }
  sim::check(cached->users > 0, "a lock is released by each user once");
  if (--cached->users > 0) {
    return false;
  }
  if (cached->called_back()) {
    return true;
  }
  cached->last_used = now;
  lru_.push_back(*cached);
  return false;
}

bool LockCache::call_back(LockHandle handle) {
  Cached* cached = get(handle);
  if (cached == nullptr) {
    return false;
  }
  const bool first = !cached->called_back();
  stop_using(*cached);
  return first && cached->users == 0;
}

void LockCache::drop_bits(LockHandle handle, InodeBits drop, sim::TimePoint now) {
  Cached* cached = get(handle);
  sim::check(cached != nullptr && cached->users == 0, "a lock to convert is here and not used");
  leave_lru(*cached);
  GrantedLock& lock = cached->lock;
  lock.bits &= ~drop;
  sim::check(lock.bits != 0, "a lock that keeps no bit is cancelled");
  GrantedExtents& held = resources_.find(lock.resource)->second;
  held.erase(lock.mode, *cached);
  held.insert(lock.mode, *cached, lock.extent, lock.handle);
  cached->last_used = now;
  lru_.push_back(*cached);
}

void LockCache::remove(LockHandle handle) {
  Cached* cached = get(handle);
  if (cached == nullptr) {
    return;
  }
  leave_lru(*cached);
  const auto held = resources_.find(cached->lock.resource);
  held->second.erase(cached->lock.mode, *cached);
  if (held->second.present().empty()) {
    resources_.erase(held);
  }
  locks_.erase(handle);
}

void LockCache::collect_excess(sim::TimePoint now, std::vector<LockHandle>& out) {
  std::size_t at_least = 0;
  for (std::size_t taken = 0; !lru_.empty(); ++taken) {
    Cached& oldest = lru_.front();
    if (taken >= at_least && !rule_.must_go(now - oldest.last_used, lru_.size())) {
      return;
    }
    at_least = rule_.options().batch;
    stop_using(oldest);
    out.push_back(oldest.lock.handle);
  }
}

}  // namespace cachemodel
