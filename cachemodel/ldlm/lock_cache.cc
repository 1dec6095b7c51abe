#include "cachemodel/ldlm/lock_cache.h"

#include <algorithm>

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

void LockCache::join_lru(Cached& cached, sim::TimePoint now) {
  cached.last_used = now;
  lru_.push_back(cached);
}

LockCache::Cached* LockCache::serving(const ResourceName& resource, ModeSet modes,
                                      sim::Extent extent, InodeBits bits) {
  const auto held = resources_.find(resource);
  if (held == resources_.end() || extent.empty()) {
    return nullptr;
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
  return found;
}

std::optional<LockHandle> LockCache::match(const ResourceName& resource, ModeSet modes,
                                           sim::Extent extent, InodeBits bits) {
  Cached* found = serving(resource, modes, extent, bits);
  if (found == nullptr) {
    return std::nullopt;
  }
  leave_lru(*found);
  ++found->users;
  return found->lock.handle;
}

std::optional<sim::Extent> LockCache::touch(const ResourceName& resource, ModeSet modes,
                                            sim::Extent extent, InodeBits bits,
                                            sim::TimePoint now) {
  Cached* found = serving(resource, modes, extent, bits);
  if (found == nullptr) {
    return std::nullopt;
  }
  if (found->users == 0) {
    leave_lru(*found);
    join_lru(*found, now);
  }
  return found->lock.extent;
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
  join_lru(*cached, now);
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
  join_lru(*cached, now);
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

std::vector<LockHandle> LockCache::held() const {
  std::vector<LockHandle> handles;
  handles.reserve(locks_.size());
  for (const auto& [handle, cached] : locks_) {  // any order: sorted below
    handles.push_back(handle);
  }
  std::ranges::sort(handles);
  return handles;
}

sim::Bytes LockCache::reach_on(const ResourceName& resource) const {
  sim::Bytes reach = 0;
  if (const auto held = resources_.find(resource); held != resources_.end()) {
    held->second.visit_trees(held->second.present(), [&](const ExtentTree& tree) {
      reach = std::max(reach, tree.reach());
      return true;
    });
  }
  return reach;
}

std::vector<LockHandle> LockCache::held_on(const ResourceName& resource) const {
  std::vector<LockHandle> handles;
  const auto held = resources_.find(resource);
  if (held == resources_.end()) {
    return handles;
  }
  held->second.visit_trees(held->second.present(), [&](const ExtentTree& tree) {
    tree.visit_overlapping({0, sim::kEof}, [&](ExtentNode& node) {
      handles.push_back(static_cast<const Cached&>(node).lock.handle);
      return true;
    });
    return true;
  });
  std::ranges::sort(handles);
  return handles;
}

}  // namespace cachemodel
