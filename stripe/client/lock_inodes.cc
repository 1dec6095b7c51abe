// The part of a client's locks that is about inodes: they come with answers and go with requests.
#include "stripe/client/lock_client.h"

namespace stripe {

std::optional<LockClient::Hold> LockClient::match(const cachemodel::ResourceName& inode,
                                                  cachemodel::ModeSet modes,
                                                  cachemodel::InodeBits bits) {
  const auto handle = cache_.match(inode, modes, {0, sim::kEof}, bits);
  if (!handle) {
    return std::nullopt;
  }
  return Hold(*this, *handle);
}

std::optional<LockClient::Hold> LockClient::adopt(const cachemodel::GrantedLock& lock) {
  const bool called_back = early_blocking_.contains(lock.handle);
  add(lock);
  Hold hold(*this, lock.handle);
  if (called_back) {
    return std::nullopt;
  }
  return hold;
}

std::vector<cachemodel::GrantedLock> LockClient::take_unused(const cachemodel::ResourceName& inode,
                                                             cachemodel::InodeBits bits) {
  std::vector<cachemodel::GrantedLock> taken;
  for (const LockHandle handle : cache_.held_on(inode)) {
    const cachemodel::GrantedLock lock = *cache_.find(handle);
    if ((lock.bits & bits) != 0 && (lock.bits & cachemodel::kBitDom) == 0 &&
        cache_.call_back(handle)) {
      cache_.remove(handle);
      taken.push_back(lock);
    }
  }
  changed_count();
  return taken;
}

}  // namespace stripe
