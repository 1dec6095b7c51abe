// Which inode-bits locks an intent gives to its client, and which a change takes for itself.
#include "stripe/server/mdt.h"

namespace stripe {

using cachemodel::kBitLayout;
using cachemodel::kBitLookup;
using cachemodel::kBitPerm;
using cachemodel::kBitUpdate;
using cachemodel::LockMode;

namespace {

struct IntentLock {
  LockMode mode = LockMode::pr;
  InodeBits bits = 0;
  InodeBits try_bits = 0;
};

// As in Lustre 2.17 (mdt_handler.c, mdt_open.c).
IntentLock lock_of(const MdsIntentRequest& body, FileType type) {
  const InodeBits layout = type == FileType::file ? kBitLayout : 0;
  switch (body.intent) {
    case Intent::lookup:
      return {LockMode::pr, kBitLookup | kBitPerm, 0};
    case Intent::getattr:
      return {LockMode::pr, kBitLookup | kBitUpdate | kBitPerm, layout};
    case Intent::open:
      return {LockMode::pr, 0, kBitLookup | kBitUpdate | kBitPerm | layout};
    case Intent::layout:
      return {LockMode::cr, kBitLayout, 0};
    case Intent::lock:
      break;
  }
  return {LockMode::pr, body.bits, 0};
}

}  // namespace

void Mdt::end_locks(const transport::Request& request, const std::vector<LockHandle>& handles) {
  for (const LockHandle handle : handles) {
    locks_.cancel(request.message->from, handle);
  }
}

// The answer waits for changes under way, never for other clients: these share all that they are
// given here.
sim::Task<sim::Errc> Mdt::give_lock(const transport::Request& request, Fid fid,
                                    MdsIntentReply& reply) {
  const auto& body = static_cast<const MdsIntentRequest&>(*request.message->body);
  if (!body.lock) {
    co_return sim::Errc::ok;
  }
  const auto attr = meta_.attr(fid);
  if (!attr.ok()) {
    co_return attr.code();
  }
  const IntentLock lock = lock_of(body, attr->type);
  if ((lock.bits & kBitLayout) != 0 && attr->type != FileType::file) {
    co_return sim::Errc::invalid_argument;
  }
  if (request.orphaned) {
    co_return sim::Errc::evicted;
  }
  cachemodel::LockRequest wanted;
  wanted.resource = resource_of(fid);
  wanted.client = LockService::id_of(request.message->from);
  wanted.mode = lock.mode;
  wanted.bits = lock.bits;
  wanted.try_bits = lock.try_bits;
  const LockService::Granted granted = co_await locks_.grant(wanted);
  if (request.orphaned || (granted.handle == cachemodel::kNoLock && lock.bits != 0)) {
    locks_.cancel(request.message->from, granted.handle);
    co_return sim::Errc::evicted;
  }
  reply.lock = granted.handle;
  reply.lock_mode = lock.mode;
  reply.lock_bits = granted.bits;
  reply.slv = locks_.slv();
  co_return sim::Errc::ok;
}

// A lock that turned out to be of no use.
void Mdt::take_lock_back(const transport::Request& request, MdsIntentReply& reply) {
  locks_.cancel(request.message->from, reply.lock);
  reply.lock = cachemodel::kNoLock;
  reply.lock_bits = 0;
}

sim::Task<Mdt::Held> Mdt::hold(LockPlan plan) {
  Held held;
  for (const LockPlan::Entry& entry : plan.entries()) {
    cachemodel::LockRequest wanted;
    wanted.resource = resource_of(entry.fid);
    wanted.mode = entry.mode;
    wanted.bits = entry.bits;
    held.push_back(co_await locks_.lock(wanted));
  }
  co_return held;
}

// What a change is about, as far as it is there.
LockPlan Mdt::plan_of(const MdsReintRequest& body) const {
  constexpr InodeBits kAll = kBitLookup | kBitUpdate | kBitPerm | kBitLayout;
  LockPlan plan;
  const auto named =
      body.name.empty() ? sim::Result<Fid>(body.parent) : meta_.lookup(body.parent, body.name);
  if (body.op == Reint::setattr) {
    if (named.ok()) {
      plan.add_object(*named, body.set_mode ? kBitUpdate | kBitPerm : kBitUpdate);
    }
    return plan;
  }
  plan.add_parent(body.parent);
  if (body.op == Reint::unlink && named.ok()) {
    plan.add_object(*named, kAll);
  }
  if (body.op == Reint::rename) {
    plan.add_parent(body.new_parent);
    if (named.ok()) {
      plan.add_object(*named, kBitLookup | kBitUpdate);
    }
    if (const auto there = meta_.lookup(body.new_parent, body.new_name); there.ok()) {
      plan.add_object(*there, kAll);
    }
  }
  return plan;
}

// The names may lead elsewhere by the time the locks are there: then others are needed.
sim::Task<Mdt::Held> Mdt::lock_change(const MdsReintRequest& body) {
  for (;;) {
    const LockPlan plan = plan_of(body);
    Held held = co_await hold(plan);
    if (plan_of(body) == plan) {
      co_return held;
    }
  }
}

}  // namespace stripe
