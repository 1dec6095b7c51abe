#include "stripe/server/lock_handler.h"

#include <algorithm>

namespace stripe {

using cachemodel::EnqueueOutcome;

namespace {

transport::Reply refuse(sim::Errc status) { return {status, nullptr, false, {}}; }

// What a transfer covers of its object; empty if it asks for nothing.
template <typename Body>
sim::Extent covered(const Body& body) {
  sim::Extent extent{sim::kEof, 0};
  for (const Niobuf& range : body.ranges) {
    extent.begin = std::min(extent.begin, range.offset);
    extent.end = std::max(extent.end, range.offset + range.length);
  }
  return extent;
}

}  // namespace

sim::Task<transport::Reply> LockHandler::cancel(transport::Request& request) {
  const auto& body = request.body<LdlmCancelRequest>();
  const auto count = static_cast<std::int64_t>(std::max<std::size_t>(body.handles.size(), 1));
  request.charge(co_await host_.perform_for(cost_ * count));
  bool own = true;
  for (const LockHandle handle : body.handles) {
    own &= locks_.cancel(request.message->from, handle);
  }
  if (!own) {
    co_return refuse(sim::Errc::access_denied);
  }
  auto reply = std::make_unique<LdlmCancelReply>();
  reply->slv = locks_.slv();
  co_return transport::Reply{sim::Errc::ok, std::move(reply), false, {}};
}

sim::Task<transport::Reply> LockHandler::convert(transport::Request& request) {
  const auto& body = request.body<LdlmConvertRequest>();
  request.charge(co_await host_.perform_for(cost_));
  if ((body.drop & ~cachemodel::kAllInodeBits) != 0 || body.drop == 0) {
    co_return refuse(sim::Errc::invalid_argument);
  }
  if (!locks_.convert(request.message->from, body.handle, body.drop)) {
    co_return refuse(sim::Errc::access_denied);
  }
  co_return transport::Reply{sim::Errc::ok, std::make_unique<LdlmConvertReply>(), false, {}};
}

sim::Task<transport::Reply> LockHandler::enqueue(transport::Request& request) {
  const auto& body = request.body<LdlmExtentRequest>();
  request.charge(co_await host_.perform_for(cost_));
  for (const LockHandle handle : body.cancels) {
    locks_.cancel(request.message->from, handle);
  }
  const bool known_mode =
      body.mode == cachemodel::LockMode::pr || body.mode == cachemodel::LockMode::pw;
  if (body.extent.empty() || !known_mode) {
    co_return refuse(sim::Errc::invalid_argument);
  }
  if (request.orphaned) {
    co_return refuse(sim::Errc::evicted);
  }
  cachemodel::LockRequest wanted = locks_.data_lock(body.object, body.mode, body.extent);
  wanted.client = LockService::id_of(request.message->from);
  if (request.header().replay && body.restores != cachemodel::kNoLock) {
    co_return restore(body.restores, wanted);
  }
  wanted.non_blocking = body.glimpse;
  transport::Reply granted = grant(wanted);
  if (body.glimpse && granted.status == sim::Errc::ok &&
      static_cast<const LdlmExtentReply&>(*granted.body).handle == cachemodel::kNoLock) {
    co_return co_await glimpse(request);
  }
  co_return granted;
}

transport::Reply LockHandler::restore(LockHandle handle, const cachemodel::LockRequest& wanted) {
  const auto info = locks_.lvb(wanted.resource);
  if (!info || !locks_.restore(handle, wanted)) {
    return refuse(sim::Errc::not_found);
  }
  auto reply = std::make_unique<LdlmExtentReply>();
  reply->handle = handle;
  reply->granted = true;
  reply->extent = wanted.extent;
  reply->info = *info;
  reply->slv = locks_.slv();
  return {sim::Errc::ok, std::move(reply), false, {}};
}

transport::Reply LockHandler::grant(const cachemodel::LockRequest& wanted) {
  const auto info = locks_.lvb(wanted.resource);
  if (!info) {
    return refuse(sim::Errc::not_found);
  }
  const auto result = locks_.enqueue(wanted);
  auto reply = std::make_unique<LdlmExtentReply>();
  if (result.outcome != EnqueueOutcome::would_block) {
    reply->handle = result.handle;
    reply->granted = result.outcome == EnqueueOutcome::granted;
    reply->extent = result.extent;
  }
  reply->contended = result.contended;
  reply->info = *info;
  reply->slv = locks_.slv();
  return {sim::Errc::ok, std::move(reply), true, {}};
}

sim::Task<transport::Reply> LockHandler::glimpse(transport::Request& request) {
  const auto& body = request.body<LdlmExtentRequest>();
  const auto info = co_await locks_.glimpse(locks_.resource(body.object));
  if (!info.ok()) {
    co_return refuse(info.code());
  }
  auto reply = std::make_unique<LdlmExtentReply>();
  reply->info = *info;
  reply->slv = locks_.slv();
  co_return transport::Reply{sim::Errc::ok, std::move(reply), false, {}};
}

// The lock that a transfer wants the server to take for it, or nothing.
std::optional<cachemodel::LockRequest> LockHandler::wanted_lock(
    const transport::Message& message) const {
  using Wanted = std::optional<cachemodel::LockRequest>;
  const auto from = [this](const auto& body, cachemodel::LockMode mode) {
    const sim::Extent extent = covered(body);
    return body.server_lock && !extent.empty() ? locks_.data_lock(body.object, mode, extent)
                                               : Wanted();
  };
  switch (message.header.opcode) {
    case kOstRead:
      return from(static_cast<const OstReadRequest&>(*message.body), cachemodel::LockMode::pr);
    case kOstWrite:
      return from(static_cast<const OstWriteRequest&>(*message.body), cachemodel::LockMode::pw);
    default:
      return std::nullopt;
  }
}

// It waits without a thread: those who hold the locks may need the threads to give them up.
std::unique_ptr<transport::Request> LockHandler::hold_back(
    std::unique_ptr<transport::Request> request, transport::Service& service) {
  const auto wanted = wanted_lock(*request->message);
  if (wanted) {
    tasks_.spawn(submit_locked(std::move(request), service, *wanted), "a transfer to be locked",
                 sim::TaskKind::daemon);
  }
  return request;
}

sim::Task<void> LockHandler::submit_locked(std::unique_ptr<transport::Request> request,
                                           transport::Service& service,
                                           cachemodel::LockRequest wanted) {
  const sim::TimePoint began = loop_.now();
  LockService::Local lock = co_await locks_.lock(std::move(wanted));
  constexpr sim::PoolAllocator<LockService::Local> kPool;
  request->held = std::allocate_shared<LockService::Local>(kPool, std::move(lock));
  request->delayed = loop_.now() - began;
  if (!request->orphaned) {
    service.submit(std::move(request));
  }
}

}  // namespace stripe
