// What rests on the locks of LdlmPolicy, and what becomes of it when they go.
#include <algorithm>

#include "stripe/client/coherence/ldlm_policy.h"

namespace stripe {
namespace {
constexpr sim::Bytes kPage = 4 * sim::kKiB;
}  // namespace

using cachemodel::LockMode;

// What is dirty under the lock goes out first; others may only then see the object.
sim::Task<void> LdlmPolicy::give_up(std::uint32_t target, const cachemodel::GrantedLock& lock,
                                    LockCause cause) {
  const ObjectKey key = key_of(target, lock.resource);
  if (lock.mode == LockMode::pw) {
    if (const auto before = places_.find(key); before != places_.end() && before->second.inode) {
      const Place& place = before->second;
      co_await write_back_.flush_object(*place.inode, place.component, place.stripe, lock.extent);
    }
  }
  const auto found = places_.find(key);
  if (found == places_.end()) {
    co_return;
  }
  const Place& place = found->second;
  if (place.inode == nullptr) {  // only its attributes were asked for
    if (locks(target).is_last(lock)) {
      places_.erase(found);
    }
    co_return;
  }
  // Another lock of this client may still cover a part; that is read again all the same.
  const Dropped dropped =
      pages_.drop_object(*place.inode, place.component, place.stripe, lock.extent, cause.extent);
  if (cause.called_back && cause.mode != LockMode::pr && !cause.extent.empty()) {
    context_.stats.pages_dropped_falsely += dropped.beside / kPage;
  }
}

void LdlmPolicy::lost(std::uint32_t target, const cachemodel::GrantedLock& lock) {
  const auto found = places_.find(key_of(target, lock.resource));
  if (found == places_.end() || found->second.inode == nullptr) {
    return;
  }
  const Place& place = found->second;
  write_back_.lose_object(*place.inode, place.component, place.stripe, lock.extent);
  pages_.drop_object(*place.inode, place.component, place.stripe, lock.extent, {});
}

ObjectInfo LdlmPolicy::describe(std::uint32_t target, ObjectId object) {
  const auto found = places_.find({target, object});
  if (found == places_.end()) {
    return {};
  }
  const Place& place = found->second;
  ObjectInfo info = place.known;
  info.size = std::min(info.size, locks(target).reach(object));
  if (place.inode == nullptr) {
    return info;
  }
  const sim::Bytes dirty = write_back_.object_end(*place.inode, place.component, place.stripe);
  if (dirty > 0) {
    info.size = std::max(info.size, dirty);
    info.mtime_ns = std::max(info.mtime_ns, place.inode->mtime_ns);
  }
  return info;
}

void LdlmPolicy::learned(std::uint32_t target, ObjectId object, const ObjectInfo& info,
                         bool exact) {
  if (!exact && !places_.contains({target, object})) {
    return;  // no lock rests on it
  }
  ObjectInfo& known = places_[{target, object}].known;
  if (exact) {
    known = info;
    return;
  }
  // What was known beyond the locks others may have cut.
  known.size = std::max(std::min(known.size, locks(target).reach(object)), info.size);
  known.mtime_ns = std::max(known.mtime_ns, info.mtime_ns);
  known.allocated = info.allocated;
}

}  // namespace stripe
