// What a lock service sends to clients, and what it does if nothing comes of it.
#include <algorithm>

#include "stripe/server/lock_service.h"

namespace stripe {

using cachemodel::LockRequest;
using cachemodel::ResourceName;

// Sends what the last change of the locks calls for. `cause`: the request that changed them.
void LockService::send(const LockRequest* cause) {
  // What is sent may change the locks again only later, from a task.
  for (const auto& callback : out_.blocking) {
    call_back(callback, cause);
  }
  for (const auto& callback : out_.completions) {
    complete(callback);
  }
}

void LockService::call_back(const cachemodel::BlockingCallback& callback,
                            const LockRequest* cause) {
  if (callback.client == 0) {
    return;  // it ends with its operation
  }
  ++counts_.blocking;
  LdlmBlockingRequest body;
  body.handle = callback.handle;
  body.wanted = callback.wanted;
  if (cause != nullptr) {
    body.cause_mode = cause->mode;
    body.cause = cause->extent;
  }
  expect_cancel(callback.handle, callback.client);
  tasks_.spawn(tell_blocking(callback.client, std::move(body)), "a blocking callback",
               sim::TaskKind::daemon);
}

void LockService::expect_cancel(LockHandle handle, ClientId client) {
  const auto lock = locks_.find(handle);
  if (!lock || called_back_.contains(handle)) {
    return;
  }
  const sim::TimePoint deadline = loop_.now() + options_.callback_timeout;
  called_back_.emplace(handle, CalledBack{client, lock->resource, deadline});
  deadlines_.emplace(deadline, handle);
  ++called_back_on_[{client, lock->resource}];
  arm();
}

void LockService::complete(const cachemodel::CompletionCallback& callback) {
  if (const auto waiting = waits_.find(callback.handle); waiting != waits_.end()) {
    waiting->second->bits = callback.bits;
    waiting->second->granted.set();
    if (callback.client != 0 && callback.wanted != 0) {
      call_back({callback.handle, callback.client, callback.wanted}, nullptr);
    }
    return;
  }
  if (callback.client == 0) {
    return;  // whoever waited for it has gone, and it ends with that
  }
  ++counts_.completions;
  LdlmCompletionRequest body;
  body.handle = callback.handle;
  body.extent = callback.extent;
  body.bits = callback.bits;
  body.wanted = callback.wanted;
  if (const auto lock = locks_.find(callback.handle)) {
    body.info = lvb_(lock->resource).value_or(ObjectInfo());
  }
  if (callback.wanted != 0) {
    ++counts_.blocking;
    expect_cancel(callback.handle, callback.client);
  }
  tasks_.spawn(tell_completion(callback.client, std::move(body)), "a completion callback",
               sim::TaskKind::daemon);
}

// One that does not answer will not cancel either: the deadline sees to that.
sim::Task<void> LockService::tell_blocking(ClientId client, LdlmBlockingRequest body) {
  static_cast<void>(co_await server_.call_back(address_of(client), kLdlmBlocking,
                                               std::make_unique<LdlmBlockingRequest>(body),
                                               options_.callback_timeout));
}

// A client that does not hear that its lock was granted would keep it for ever.
sim::Task<void> LockService::tell_completion(ClientId client, LdlmCompletionRequest body) {
  const transport::MessagePtr answer = co_await server_.call_back(
      address_of(client), kLdlmCompletion, std::make_unique<LdlmCompletionRequest>(body),
      options_.callback_timeout);
  if (!answer && locks_.find(body.handle)) {
    ++counts_.timeouts;
    server_.evict(address_of(client));
  }
}

// One that has given the lock up, or has not heard of it yet, may hold others. What one that does
// not answer has written nobody knows: it is given up with it (Lustre: any callback not answered in
// time evicts), for else it could bring it back later, behind sizes that others were told.
sim::Task<void> LockService::ask_holder(cachemodel::GlimpseCallback holder, ObjectInfo& info,
                                        cachemodel::GlimpseAsked& asked) {
  ++counts_.glimpses;
  auto body = std::make_unique<LdlmGlimpseRequest>();
  body->handle = holder.handle;
  const transport::MessagePtr answer = co_await server_.call_back(
      address_of(holder.client), kLdlmGlimpse, std::move(body), options_.callback_timeout);
  if (!answer || answer->header.status != sim::Errc::not_found) {
    asked.answered.insert(holder.client);
  }
  if (!answer && locks_.find(holder.handle)) {
    ++counts_.timeouts;
    server_.evict(address_of(holder.client));
  }
  if (answer && answer->header.status == sim::Errc::ok && answer->body) {
    const ObjectInfo& told = static_cast<const LdlmGlimpseReply&>(*answer->body).info;
    info.size = std::max(info.size, told.size);
    info.mtime_ns = std::max(info.mtime_ns, told.mtime_ns);
  }
}

sim::Task<sim::Result<ObjectInfo>> LockService::glimpse(ResourceName name) {
  const auto here = lvb_(name);
  if (!here) {
    co_return sim::Error{sim::Errc::not_found, "no such object"};
  }
  ObjectInfo info = *here;
  cachemodel::GlimpseAsked asked = locks_.begin_glimpse();
  std::vector<cachemodel::GlimpseCallback> holders;
  locks_.glimpse(name, info.size, asked, holders);
  while (!holders.empty()) {
    std::vector<sim::Task<void>> questions;
    for (const auto& holder : holders) {
      asked.locks.insert(holder.handle);
      if (holder.client != 0) {
        questions.push_back(ask_holder(holder, info, asked));
      }
    }
    co_await sim::when_all(loop_, questions);
    // What a holder has written back since is here.
    if (const auto now = lvb_(name)) {
      info.size = std::max(info.size, now->size);
      info.mtime_ns = std::max(info.mtime_ns, now->mtime_ns);
      info.allocated = now->allocated;
    }
    locks_.glimpse(name, info.size, asked, holders);
  }
  co_return info;
}

void LockService::arm() {
  if (!timer_.armed && !deadlines_.empty()) {
    timer_.armed = true;
    timer_.due = deadlines_.begin()->first;
    loop_.at(timer_.due, timer_);
  }
}

bool LockService::works_on(ClientId client, const ResourceName& resource) const {
  const transport::Export* known = server_.connected(address_of(client));
  bool found = false;
  if (known != nullptr) {
    known->requests.for_each([&](const transport::Request& request) {
      const transport::Opcode opcode = request.header().opcode;
      if (opcode == kOstWrite) {
        found |=
            this->resource(static_cast<const OstWriteRequest&>(*request.message->body).object) ==
            resource;
      } else if (opcode == kOstRead) {
        found |= this->resource(
                     static_cast<const OstReadRequest&>(*request.message->body).object) == resource;
      }
    });
  }
  return found;
}

void LockService::overdue(sim::Callback& callback) {
  auto& timer = static_cast<Timer&>(callback);
  LockService& self = *timer.service;
  timer.armed = false;
  const sim::TimePoint now = self.loop_.now();
  while (!self.deadlines_.empty() && self.deadlines_.begin()->first <= now) {
    const LockHandle handle = self.deadlines_.begin()->second;
    CalledBack& lock = self.called_back_.at(handle);
    if (self.works_on(lock.client, lock.resource)) {
      self.deadlines_.erase(self.deadlines_.begin());
      lock.deadline = now + self.options_.callback_timeout / 2;
      self.deadlines_.emplace(lock.deadline, handle);
      continue;
    }
    ++self.counts_.timeouts;
    const transport::Address client = address_of(lock.client);
    if (self.server_.connected(client) == nullptr) {
      self.client_gone(client);
    } else {
      self.server_.evict(client);  // which ends its locks through the target
    }
  }
  self.arm();
}

}  // namespace stripe
