#include "stripe/client/mdt_locks.h"

#include <algorithm>

namespace stripe {

using cachemodel::kBitDom;
using cachemodel::kBitLayout;
using cachemodel::kBitLookup;
using cachemodel::kBitPerm;
using cachemodel::kBitUpdate;
using cachemodel::LockMode;

namespace {

// Everything but the data itself, which has to be written back first.
constexpr InodeBits kAllButData = cachemodel::kAllInodeBits & ~kBitDom;

}  // namespace

MdtLocks::MdtLocks(ClientContext& context, transport::Import& mdt)
    : client_(context, mdt, kMdtTarget, *this) {}

LockHandle MdtLocks::covering(const Fid& fid, InodeBits bits) {
  cachemodel::ModeSet modes{LockMode::pr};
  if (bits == kBitLayout) {
    modes.add(LockMode::cr);
  }
  const auto lock = client_.match(resource_of(fid), modes, bits);
  return lock ? lock->handle() : cachemodel::kNoLock;
}

bool MdtLocks::covers(const Fid& fid, InodeBits bits) {
  for (const InodeBits bit : {kBitLookup, kBitUpdate, kBitLayout, kBitPerm}) {
    if ((bits & bit) != 0 && covering(fid, bit) == cachemodel::kNoLock) {
      return false;
    }
  }
  return true;
}

const MdtLocks::Child* MdtLocks::child(const Fid& parent, std::string_view name) {
  const auto directory = names_.find(parent);
  if (directory == names_.end()) {
    return nullptr;
  }
  const auto found = directory->second.find(name);
  return found != directory->second.end() && covers(found->second.fid, kBitLookup) ? &found->second
                                                                                   : nullptr;
}

const FileAttr* MdtLocks::attributes(const Fid& fid) {
  const auto found = known_.find(fid);
  return found != known_.end() && found->second.attr && covers(fid, kBitUpdate | kBitPerm)
             ? &*found->second.attr
             : nullptr;
}

const std::vector<std::byte>* MdtLocks::layout(const Fid& fid) {
  const auto found = known_.find(fid);
  return found != known_.end() && found->second.layout && covers(fid, kBitLayout)
             ? &*found->second.layout
             : nullptr;
}

Entries MdtLocks::entries(const Fid& directory) {
  const auto found = known_.find(directory);
  return found != known_.end() && covers(directory, kBitUpdate) ? found->second.entries : nullptr;
}

void MdtLocks::keep_entries(const Fid& directory, Entries entries, LockHandle lock) {
  if (lock != cachemodel::kNoLock && covering(directory, kBitUpdate) == lock) {
    known_[directory].entries = std::move(entries);
  }
}

void MdtLocks::granted(const MdsIntentRequest& request, const MdsIntentReply& reply) {
  if (reply.lock == cachemodel::kNoLock) {
    return;
  }
  client_.set_server_volume(reply.slv);
  // One that is called back already is given up at once; what came with it may be old.
  const auto in_use = client_.adopt(
      {reply.lock, resource_of(reply.attr.fid), reply.lock_mode, {0, sim::kEof}, reply.lock_bits});
  if (in_use) {
    learned(request, reply, reply.lock_bits);
  }
}

void MdtLocks::learned(const MdsIntentRequest& request, const MdsIntentReply& reply,
                       InodeBits bits) {
  const Fid& fid = reply.attr.fid;
  constexpr InodeBits kAttributes = kBitUpdate | kBitPerm;
  if ((bits & kBitLookup) != 0 && !request.name.empty()) {
    names_[request.parent].insert_or_assign(request.name, Child{fid, reply.attr.type});
    auto& names = known_[fid].names;
    std::pair<Fid, std::string> name{request.parent, request.name};
    if (std::ranges::find(names, name) == names.end()) {
      names.push_back(std::move(name));
    }
  }
  if ((bits & kAttributes) == kAttributes) {
    known_[fid].attr = reply.attr;
  }
  if ((bits & kBitLayout) != 0 && !reply.layout.empty()) {
    known_[fid].layout = reply.layout;
    if (layout_hook_) {
      layout_hook_(fid, reply.layout);
    }
  }
}

void MdtLocks::forget_names(Known& known) {
  for (const auto& [parent, name] : known.names) {
    const auto directory = names_.find(parent);
    if (directory != names_.end()) {
      directory->second.erase(name);
      if (directory->second.empty()) {
        names_.erase(directory);
      }
    }
  }
  known.names.clear();
}

void MdtLocks::forget(const Fid& fid, InodeBits bits) {
  const auto found = known_.find(fid);
  if (found == known_.end()) {
    return;
  }
  Known& known = found->second;
  if ((bits & kBitLookup) != 0) {
    forget_names(known);
  }
  if ((bits & (kBitUpdate | kBitPerm)) != 0) {
    known.attr.reset();
  }
  if ((bits & kBitUpdate) != 0) {
    known.entries.reset();
  }
  if ((bits & kBitLayout) != 0) {
    known.layout.reset();
    if (layout_hook_) {
      layout_hook_(fid, {});
    }
  }
  if (known.empty()) {
    known_.erase(found);
  }
}

void MdtLocks::take(const Fid& fid, InodeBits bits, std::vector<LockHandle>& out) {
  for (const cachemodel::GrantedLock& lock : client_.take_unused(resource_of(fid), bits)) {
    forget(fid, lock.bits);
    out.push_back(lock.handle);
  }
}

void MdtLocks::add_cancels(MdsIntentRequest& request) {
  if (request.intent == Intent::open && request.create &&
      child(request.parent, request.name) == nullptr) {
    take(request.parent, kBitUpdate, request.cancels);
  }
  if (request.intent == Intent::layout && request.write) {
    take(request.parent, kBitLayout, request.cancels);
  }
}

void MdtLocks::add_cancels(MdsReintRequest& request) {
  const auto of = [this](const Fid& parent, const std::string& name) {
    const Child* found = child(parent, name);
    return found == nullptr ? Fid() : found->fid;
  };
  const Fid named = request.name.empty() ? request.parent : of(request.parent, request.name);
  if (request.op == Reint::setattr) {
    take(named, request.set_mode ? kBitUpdate | kBitPerm : kBitUpdate, request.cancels);
    return;
  }
  take(request.parent, kBitUpdate, request.cancels);
  if (request.op == Reint::unlink) {
    take(named, kAllButData, request.cancels);
  }
  if (request.op == Reint::rename) {
    const Fid there = of(request.new_parent, request.new_name);
    take(request.new_parent, kBitUpdate, request.cancels);
    take(named, kBitLookup | kBitUpdate, request.cancels);
    take(there, kAllButData, request.cancels);
  }
}

// Only a close that tells of a change.
void MdtLocks::add_cancels(MdsCloseRequest& request, const Fid& file) {
  if (request.size_known) {
    take(file, kBitUpdate, request.cancels);
  }
}

sim::Task<void> MdtLocks::give_up(std::uint32_t target, const cachemodel::GrantedLock& lock,
                                  LockCause cause) {
  forget(fid_of(lock.resource), lock.bits);
  if ((lock.bits & kBitDom) != 0 && data_owner_ != nullptr) {
    co_await data_owner_->give_up(target, lock, cause);
  }
}

void MdtLocks::lost(std::uint32_t target, const cachemodel::GrantedLock& lock) {
  forget(fid_of(lock.resource), lock.bits);
  if ((lock.bits & kBitDom) != 0 && data_owner_ != nullptr) {
    data_owner_->lost(target, lock);
  }
}

ObjectInfo MdtLocks::describe(std::uint32_t target, ObjectId object) {
  return data_owner_ == nullptr ? ObjectInfo() : data_owner_->describe(target, object);
}

void MdtLocks::learned(std::uint32_t target, ObjectId object, const ObjectInfo& info, bool exact) {
  if (data_owner_ != nullptr) {
    data_owner_->learned(target, object, info, exact);
  }
}

}  // namespace stripe
