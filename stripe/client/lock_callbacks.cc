// What a server tells of locks, and how locks are given up.
#include <algorithm>

#include "stripe/client/lock_client.h"

namespace stripe {
namespace {

// How many handles one LDLM_CANCEL carries (Lustre 2.17: what fits into its request of 3.5 KiB).
constexpr std::size_t kCancelsPerRequest = 400;
// How often a client looks for locks it should give back (Lustre: the pool's period).
constexpr sim::Duration kLruPeriod = sim::seconds(10);

}  // namespace

void LockClient::callback(const transport::Message& request) {
  using transport::Message;
  switch (request.header.opcode) {
    case kLdlmBlocking: {
      const auto& body = static_cast<const LdlmBlockingRequest&>(*request.body);
      context_.endpoint.answer(request, sim::Errc::ok, std::make_unique<LdlmBlockingReply>());
      if (cache_.find(body.handle)) {
        blocking(body);
      } else if (carried_.erase(body.handle) > 0) {
        cancels_.push_back(body.handle);
        start_sending();
      } else if (!enqueues_.empty() || expected_ > 0) {
        early_blocking_.insert_or_assign(body.handle, body);
      }
      break;
    }
    case kLdlmCompletion:
      context_.endpoint.answer(request, sim::Errc::ok, std::make_unique<LdlmCompletionReply>());
      completion(static_cast<const LdlmCompletionRequest&>(*request.body));
      break;
    case kLdlmGlimpse: {
      const auto& body = static_cast<const LdlmGlimpseRequest&>(*request.body);
      const auto lock = cache_.find(body.handle);
      if (!lock) {
        context_.endpoint.answer(request, sim::Errc::not_found, nullptr);
        break;
      }
      auto reply = std::make_unique<LdlmGlimpseReply>();
      reply->info = owner_.describe(target_, object(lock->resource));
      context_.endpoint.answer(request, sim::Errc::ok, std::move(reply));
      break;
    }
    default:
      context_.endpoint.answer(request, sim::Errc::not_supported, nullptr);
  }
}

void LockClient::blocking(const LdlmBlockingRequest& body) {
  const LockCause cause{true, body.cause_mode, body.cause, body.wanted};
  causes_[body.handle] = cause;
  if (cache_.call_back(body.handle)) {
    start_cancel(body.handle, cause);
  }
}

void LockClient::completion(const LdlmCompletionRequest& body) {
  early_completion_.insert_or_assign(body.handle, body);
  if (body.wanted != 0) {
    LdlmBlockingRequest blocking;
    blocking.handle = body.handle;
    blocking.wanted = body.wanted;
    early_blocking_.insert_or_assign(body.handle, blocking);
  }
  for (const auto& enqueue : enqueues_) {
    if (enqueue->handle == body.handle) {
      enqueue->granted.set();
    }
  }
}

void LockClient::start_cancel(LockHandle handle, LockCause cause) {
  ++cancelling_;
  tasks_.spawn(cancel(handle, cause), "a lock given up", sim::TaskKind::daemon);
}

// The pages first: as long as the server counts the lock as held, nobody else can change them.
sim::Task<void> LockClient::cancel(LockHandle handle, LockCause cause) {
  const auto lock = cache_.find(handle);
  const cachemodel::InodeBits all = lock ? lock->bits : 0;
  if (target_ == kMdtTarget && cause.called_back && (all & ~cause.wanted) != 0) {
    co_await convert(handle, all & cause.wanted);
  } else if (lock) {
    co_await owner_.give_up(target_, *lock, cause);
    if (cache_.find(handle)) {  // else it was lost meanwhile
      cache_.remove(handle);
      cancels_.push_back(handle);
    }
    causes_.erase(handle);
    changed_count();
  }
  start_sending();
  if (--cancelling_ == 0 && !sending_) {
    all_cancelled_.set();
  }
}

// Others want some of its bits only: this client keeps the rest (Lustre: lock convert).
sim::Task<void> LockClient::convert(LockHandle handle, cachemodel::InodeBits drop) {
  cachemodel::GrantedLock part = *cache_.find(handle);
  part.bits = drop;
  co_await owner_.give_up(target_, part, causes_[handle]);
  causes_.erase(handle);
  if (!cache_.find(handle)) {
    co_return;  // lost meanwhile
  }
  cache_.drop_bits(handle, drop, context_.loop.now());
  LdlmConvertRequest request;
  request.handle = handle;
  request.drop = drop;
  transport::CallOptions options;
  options.opcode = LdlmConvertRequest::kOpcode;
  co_await context_.host.perform(sim::Work::request, 0);
  static_cast<void>(co_await import_.call(request, std::move(options)));
}

std::vector<LockHandle> LockClient::take_cancels() {
  const std::size_t n = std::min(cancels_.size(), kCancelsPerRequest);
  std::vector<LockHandle> some(cancels_.begin(), cancels_.begin() + static_cast<std::ptrdiff_t>(n));
  cancels_.erase(cancels_.begin(), cancels_.begin() + static_cast<std::ptrdiff_t>(n));
  return some;
}

void LockClient::start_sending() {
  if (!sending_ && !cancels_.empty()) {
    sending_ = true;
    tasks_.spawn(send_cancels(), "lock cancels", sim::TaskKind::daemon);
  }
}

// What cannot be told to the server it finds out by itself: it evicts this client.
sim::Task<void> LockClient::send_cancels() {
  while (!cancels_.empty()) {
    LdlmCancelRequest request;
    request.handles = take_cancels();
    transport::CallOptions options;
    options.opcode = LdlmCancelRequest::kOpcode;
    co_await context_.host.perform(sim::Work::request, 0);
    const transport::RpcReply reply = co_await import_.call(std::move(request), std::move(options));
    if (reply.status == sim::Errc::ok) {
      cache_.set_server_volume(static_cast<const LdlmCancelReply&>(*reply.body).slv);
    }
  }
  sending_ = false;
  if (cancelling_ == 0) {
    all_cancelled_.set();
  }
}

void LockClient::collect_excess() {
  std::vector<LockHandle> excess;
  cache_.collect_excess(context_.loop.now(), excess);
  for (const LockHandle handle : excess) {
    start_cancel(handle, {});
  }
}

sim::Task<void> LockClient::age() {
  while (cache_.size() > 0) {
    co_await sim::sleep_for(context_.loop, kLruPeriod);
    collect_excess();
  }
  aging_ = false;
}

void LockClient::drop_unused(ObjectId object) {
  for (const LockHandle handle : cache_.held_on(resource(object))) {
    if ((cache_.find(handle)->bits & data_bits()) != 0 && cache_.call_back(handle)) {
      start_cancel(handle, {});
    }
  }
}

sim::Task<void> LockClient::drop_all() {
  for (;;) {
    for (const LockHandle handle : cache_.held()) {
      if (cache_.call_back(handle)) {
        start_cancel(handle, {});
      }
    }
    if (!enqueues_.empty()) {  // a lock that comes yet
      const std::shared_ptr<Enqueue> coming = enqueues_.front();
      co_await coming->done.wait();
    } else if (cancelling_ > 0 || sending_) {
      all_cancelled_.reset();
      co_await all_cancelled_.wait();
    } else {
      break;
    }
  }
}

}  // namespace stripe
