// What becomes of a client's locks when their server gives the client up, or starts anew.
#include "stripe/client/lock_client.h"

namespace stripe {

// Everything the server knew of this client is gone, and so is what rested on it.
void LockClient::lost_all() {
  for (const LockHandle handle : cache_.held()) {
    const auto lock = cache_.find(handle);
    cache_.remove(handle);
    owner_.lost(target_, *lock);
  }
  causes_.clear();
  cancels_.clear();
  early_blocking_.clear();
  early_completion_.clear();
  changed_count();
  for (const auto& enqueue : enqueues_) {
    if (enqueue->handle != cachemodel::kNoLock) {
      enqueue->granted.set();
    }
  }
}

// The locks it granted are brought back to a server that has started anew, as they were granted.
// What it had not granted yet is asked for anew when it is ready.
sim::Task<void> LockClient::restore_all() {
  for (const auto& enqueue : enqueues_) {
    if (enqueue->handle != cachemodel::kNoLock && !early_completion_.contains(enqueue->handle)) {
      enqueue->again = true;
      enqueue->granted.set();
    }
  }
  for (const LockHandle handle : cache_.held()) {
    if (const auto lock = cache_.find(handle)) {
      co_await restore(*lock);
    }
  }
}

// One that the server does not take back is lost.
sim::Task<void> LockClient::restore(cachemodel::GrantedLock lock) {
  auto request = std::make_unique<LdlmExtentRequest>();
  request->object = object(lock.resource);
  request->mode = lock.mode;
  request->extent = lock.extent;
  request->restores = lock.handle;
  request->bits = target_ == kMdtTarget ? lock.bits : 0;
  transport::CallOptions options;
  options.opcode = LdlmExtentRequest::kOpcode;
  const transport::RpcReply reply = co_await import_.replay(std::move(request), std::move(options));
  const bool refused = reply.status != sim::Errc::ok && reply.status != sim::Errc::timed_out &&
                       reply.status != sim::Errc::unknown_outcome;
  if (refused && cache_.find(lock.handle)) {
    cache_.remove(lock.handle);
    owner_.lost(target_, lock);
    changed_count();
  }
}

}  // namespace stripe
