#include "cachemodel/ldlm/lock_namespace.h"

#include "sim/status.h"

namespace cachemodel {

LockNamespace::LockNamespace(LockType type, ContentionOptions contention)
    : type_(type),
      contention_(contention),
      locks_(&memory_),
      resources_(&memory_),
      clients_(&memory_) {}

// Lists let go of their locks before the locks go.
LockNamespace::~LockNamespace() {
  resources_.clear();
  clients_.clear();
}

LockResource& LockNamespace::resource_of(const ResourceName& name) {
  return resources_.try_emplace(name, name, type_, contention_, &memory_).first->second;
}

Lock& LockNamespace::make_lock(LockHandle handle, const LockRequest& request,
                               LockResource& resource) {
  Lock& lock = locks_.try_emplace(handle).first->second;
  lock.handle = handle;
  lock.resource = &resource;
  lock.client = request.client;
  lock.mode = request.mode;
  lock.group = request.mode == LockMode::group ? request.group : 0;
  lock.no_expansion = request.no_expansion;
  if (type_ == LockType::extent) {
    lock.requested = request.extent;
    lock.bits = kAllInodeBits;
  } else {
    lock.requested = {0, sim::kEof};
    lock.bits = request.bits & kAllInodeBits;
    lock.try_bits = request.try_bits & kAllInodeBits & ~lock.bits;
  }
  return lock;
}

EnqueueResult LockNamespace::enqueue(const LockRequest& request, sim::TimePoint now,
                                     LockCallbacks& out) {
  return add(++last_handle_, request, now, out);
}

bool LockNamespace::restore(LockHandle handle, const LockRequest& request, sim::TimePoint now,
                            LockCallbacks& out) {
  if (handle == kNoLock || handle > last_handle_ || locks_.contains(handle)) {
    out.clear();
    return false;
  }
  add(handle, request, now, out);
  return true;
}

EnqueueResult LockNamespace::add(LockHandle handle, const LockRequest& request, sim::TimePoint now,
                                 LockCallbacks& out) {
  out.clear();
  sim::check(type_ == LockType::inode_bits || !request.extent.empty(), "a lock covers some bytes");
  LockResource& resource = resource_of(request.resource);
  Lock& lock = make_lock(handle, request, resource);
  EnqueueResult result;
  result.outcome = resource.enqueue(lock, request.non_blocking, now, out.blocking);
  result.contended = resource.contended(now);
  if (result.outcome == EnqueueOutcome::would_block) {
    forget(lock);
    return result;
  }
  result.handle = lock.handle;
  clients_[lock.client].push_back(lock);
  if (result.outcome == EnqueueOutcome::granted) {
    ++granted_;
    result.extent = lock.extent();
    result.bits = lock.bits;
  }
  return result;
}

// `lock` is in no queue any more.
void LockNamespace::forget(Lock& lock) {
  if (lock.resource->empty()) {
    resources_.erase(resources_.find(lock.resource->name()));
  }
  locks_.erase(locks_.find(lock.handle));
}

void LockNamespace::remove(Lock& lock, LockCallbacks& out) {
  const std::size_t before = out.completions.size();
  granted_ -= lock.granted ? 1 : 0;
  lock.resource->remove(lock, out);
  granted_ += out.completions.size() - before;
  ClientLocks& own = clients_.find(lock.client)->second;
  own.erase(own.iterator_to(lock));
  forget(lock);
}

bool LockNamespace::cancel(LockHandle handle, LockCallbacks& out) {
  out.clear();
  const auto found = locks_.find(handle);
  if (found == locks_.end()) {
    return false;
  }
  remove(found->second, out);
  return true;
}

bool LockNamespace::convert(LockHandle handle, InodeBits drop, LockCallbacks& out) {
  out.clear();
  const auto found = locks_.find(handle);
  if (found == locks_.end() || type_ != LockType::inode_bits || !found->second.granted) {
    return false;
  }
  Lock& lock = found->second;
  if ((lock.bits & ~drop) == 0) {
    remove(lock, out);
  } else {
    lock.resource->drop_bits(lock, drop, out);
    granted_ += out.completions.size();
  }
  return true;
}

void LockNamespace::evict(ClientId client, LockCallbacks& out) {
  out.clear();
  const auto found = clients_.find(client);
  if (found == clients_.end()) {
    return;
  }
  ClientLocks& own = found->second;
  for (auto it = own.end(); it != own.begin();) {
    Lock& lock = *--it;
    if (!lock.granted) {
      ++it;
      remove(lock, out);
    }
  }
  while (!own.empty()) {
    remove(own.front(), out);
  }
  clients_.erase(found);
}

void LockNamespace::glimpse(const ResourceName& name, sim::Bytes known_size,
                            const GlimpseAsked& asked, std::vector<GlimpseCallback>& out) const {
  out.clear();
  const auto found = resources_.find(name);
  if (found != resources_.end()) {
    found->second.glimpse(known_size, asked, out);
  }
}

std::optional<LockInfo> LockNamespace::find(LockHandle handle) const {
  const auto found = locks_.find(handle);
  if (found == locks_.end()) {
    return std::nullopt;
  }
  const Lock& lock = found->second;
  return LockInfo{lock.resource->name(), lock.client,       lock.mode, lock.covers(), lock.bits,
                  lock.granted,          lock.called_back()};
}

bool LockNamespace::contended(const ResourceName& name, sim::TimePoint now) const {
  const auto found = resources_.find(name);
  return found != resources_.end() && found->second.contended(now);
}

}  // namespace cachemodel
