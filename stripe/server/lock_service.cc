#include "stripe/server/lock_service.h"

#include <algorithm>

namespace stripe {

using cachemodel::LockRequest;
using cachemodel::ResourceName;

LockService::LockService(sim::Loop& loop, transport::Server& server, cachemodel::LockType type,
                         LockOptions options, Lvb lvb)
    : loop_(loop),
      server_(server),
      type_(type),
      options_(options),
      lvb_(std::move(lvb)),
      locks_(type, options.contention),
      pool_(options.memory),
      tasks_(loop) {
  timer_.fire = &LockService::overdue;
  timer_.service = this;
  server_.evict_silent(options_.silence);
}

LockService::~LockService() {
  if (timer_.armed) {
    loop_.cancel(timer_.due, timer_);
  }
}

cachemodel::EnqueueResult LockService::enqueue(const LockRequest& request) {
  ++counts_.enqueues;
  const auto result = locks_.enqueue(request, loop_.now(), out_);
  counts_.waits += result.outcome == cachemodel::EnqueueOutcome::waiting ? 1u : 0u;
  send(&request);
  return result;
}

bool LockService::restore(LockHandle handle, LockRequest request) {
  request.no_expansion = true;
  locks_.restore(handle, request, loop_.now(), out_);
  send(&request);
  const auto lock = locks_.find(handle);
  return lock && lock->client == request.client && lock->resource == request.resource &&
         lock->granted;
}

bool LockService::cancel(transport::Address client, LockHandle handle) {
  const auto lock = locks_.find(handle);
  if (lock && lock->client != id_of(client)) {
    return false;
  }
  end(handle);
  return true;
}

bool LockService::convert(transport::Address client, LockHandle handle,
                          cachemodel::InodeBits drop) {
  const auto lock = locks_.find(handle);
  if (!lock) {
    return true;  // cancelled, or its client evicted, while the message was on its way
  }
  if (lock->client != id_of(client) || !locks_.convert(handle, drop, out_)) {
    return false;
  }
  ended(handle);
  send(nullptr);
  return true;
}

void LockService::end(LockHandle handle) {
  ended(handle);
  locks_.cancel(handle, out_);
  send(nullptr);
}

// Nobody waits for this lock's cancel any more.
void LockService::ended(LockHandle handle) {
  const auto found = called_back_.find(handle);
  if (found == called_back_.end()) {
    return;
  }
  const CalledBack& lock = found->second;
  deadlines_.erase({lock.deadline, handle});
  const auto on = called_back_on_.find({lock.client, lock.resource});
  if (--on->second == 0) {
    called_back_on_.erase(on);
  }
  called_back_.erase(found);
}

void LockService::client_gone(transport::Address client) {
  const ClientId id = id_of(client);
  std::vector<LockHandle> gone;
  for (const auto& [handle, lock] : called_back_) {
    if (lock.client == id) {
      gone.push_back(handle);
    }
  }
  for (const LockHandle handle : gone) {
    ended(handle);
  }
  locks_.evict(id, out_);
  send(nullptr);
  for (const auto& [handle, wait] : waits_) {
    if (!locks_.find(handle)) {
      wait->granted.set();
    }
  }
}

sim::Task<void> LockService::wait_granted(LockHandle handle, LocalWait& wait) {
  waits_.emplace(handle, &wait);
  // Whoever is cancelled here must not leave its event behind.
  struct Leave {
    ~Leave() { waits.erase(handle); }
    std::map<LockHandle, LocalWait*>& waits;
    LockHandle handle;
  };
  const Leave leave{waits_, handle};
  co_await wait.granted.wait();
}

sim::Task<LockService::Local> LockService::lock(LockRequest request) {
  request.client = 0;
  request.no_expansion = true;
  request.non_blocking = false;
  const auto result = enqueue(request);
  Local local(*this, result.handle);
  if (result.outcome == cachemodel::EnqueueOutcome::waiting) {
    LocalWait wait{sim::Event(loop_, "a lock of the server's own")};
    co_await wait_granted(result.handle, wait);
  }
  co_return local;
}

sim::Task<LockService::Granted> LockService::grant(LockRequest request) {
  const auto result = enqueue(request);
  Granted granted{result.handle, result.bits};
  if (result.outcome == cachemodel::EnqueueOutcome::waiting) {
    LocalWait wait{sim::Event(loop_, "a lock for a client")};
    co_await wait_granted(result.handle, wait);
    granted.bits = wait.bits;
    if (!locks_.find(result.handle)) {
      granted = {};
    }
  }
  co_return granted;
}

ResourceName LockService::resource(ObjectId object) const {
  return type_ == cachemodel::LockType::extent ? resource_of(object)
                                               : resource_of(fid_of_data(object));
}

LockRequest LockService::data_lock(ObjectId object, cachemodel::LockMode mode,
                                   sim::Extent extent) const {
  LockRequest request;
  request.resource = resource(object);
  request.mode = mode;
  request.extent = extent;
  request.bits = cachemodel::kBitDom;  // of which extent locks take no notice
  return request;
}

bool LockService::urgent(transport::Address client, ObjectId object) const {
  return !called_back_on_.empty() && called_back_on_.contains({id_of(client), resource(object)});
}

std::uint64_t LockService::slv() {
  // The pool's turns are one second apart; those nobody looked at are made up for.
  constexpr std::int64_t kMost = 10;
  const std::int64_t turns = (loop_.now() - pool_turn_).ns() / sim::seconds(1).ns();
  for (std::int64_t i = 0; i < std::min(turns, kMost); ++i) {
    pool_.recalculate(locks_.granted_count());
  }
  pool_turn_ = pool_turn_ + sim::seconds(1) * turns;
  return pool_.volume();
}

}  // namespace stripe
