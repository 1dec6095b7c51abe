#include "stripe/client/lock_client.h"

#include <algorithm>

namespace stripe {

using cachemodel::LockMode;

LockClient::LockClient(ClientContext& context, transport::Import& import, std::uint32_t target,
                       LockOwner& owner)
    : context_(context),
      import_(import),
      target_(target),
      owner_(owner),
      cache_(context.design.lock_lru),
      all_cancelled_(context.loop, "locks to be cancelled"),
      tasks_(context.loop) {
  import_.set_loss_hook([this](transport::Import::Loss) { lost_all(); });
  import_.set_replay_hook([this] { return restore_all(); });
}

LockClient::~LockClient() {
  import_.set_loss_hook({});
  import_.set_replay_hook({});
}

cachemodel::ResourceName LockClient::resource(ObjectId object) const {
  return target_ == kMdtTarget ? resource_of(fid_of_data(object)) : resource_of(object);
}
ObjectId LockClient::object(const cachemodel::ResourceName& name) const {
  return target_ == kMdtTarget ? data_of(fid_of(name)) : object_of(name);
}
cachemodel::InodeBits LockClient::data_bits() const {
  return target_ == kMdtTarget ? cachemodel::kBitDom : cachemodel::kAllInodeBits;
}

bool LockClient::holds_data(const cachemodel::ResourceName& name) const {
  if (target_ != kMdtTarget) {
    return cache_.any_on(name);
  }
  return std::ranges::any_of(cache_.held_on(name), [&](LockHandle handle) {
    return (cache_.find(handle)->bits & cachemodel::kBitDom) != 0;
  });
}

sim::Bytes LockClient::reach(ObjectId object) const {
  const cachemodel::ResourceName name = resource(object);
  return holds_data(name) ? cache_.reach_on(name) : 0;
}

bool LockClient::is_last(const cachemodel::GrantedLock& lock) const {
  return std::ranges::none_of(cache_.held_on(lock.resource), [&](LockHandle handle) {
    return handle != lock.handle && (cache_.find(handle)->bits & data_bits()) != 0;
  });
}

std::optional<LockClient::Hold> LockClient::match(ObjectId object, LockMode mode,
                                                  sim::Extent extent) {
  const auto handle =
      cache_.match(resource(object), cachemodel::modes_that_serve(mode), extent, data_bits());
  if (!handle) {
    return std::nullopt;
  }
  return Hold(*this, *handle);
}

std::optional<sim::Extent> LockClient::touch(ObjectId object, LockMode mode, sim::Extent extent) {
  return cache_.touch(resource(object), cachemodel::modes_that_serve(mode), extent, data_bits(),
                      context_.loop.now());
}

void LockClient::release(LockHandle handle) {
  if (cache_.release(handle, context_.loop.now())) {
    start_cancel(handle, causes_[handle]);
  }
}

sim::Task<sim::Result<LockClient::Hold>> LockClient::enqueue(ObjectId object, LockMode mode,
                                                             sim::Extent extent) {
  // One of this client's that is on its way may do for this one too.
  const cachemodel::ResourceName on = resource(object);
  const auto similar = std::ranges::find_if(enqueues_, [&](const auto& other) {
    return other->resource == on && cachemodel::modes_that_serve(mode).contains(other->mode) &&
           other->extent.begin <= extent.begin;
  });
  if (similar != enqueues_.end()) {
    const std::shared_ptr<Enqueue> other = *similar;
    co_await other->done.wait();
    if (auto hold = match(object, mode, extent)) {
      co_return std::move(*hold);
    }
  }
  LdlmExtentRequest request;
  request.object = object;
  request.mode = mode;
  request.extent = extent;
  struct Caller {
    ~Caller() {
      enqueue->abandoned = true;
      if (!taken && enqueue->done.is_set() && enqueue->status == sim::Errc::ok) {
        client.release(enqueue->handle);
      }
    }
    LockClient& client;
    std::shared_ptr<Enqueue> enqueue;
    bool taken = false;
  };
  Caller caller{*this, std::make_shared<Enqueue>(context_.loop, resource(object), request)};
  tasks_.spawn(carry_out(caller.enqueue, std::move(request)), "a lock", sim::TaskKind::daemon);
  enqueues_.push_back(caller.enqueue);
  changed_count();
  co_await caller.enqueue->done.wait();
  caller.taken = true;
  if (caller.enqueue->status != sim::Errc::ok) {
    co_return sim::Error{caller.enqueue->status, "the lock was not granted"};
  }
  co_return Hold(*this, caller.enqueue->handle);
}

sim::Task<void> LockClient::carry_out(std::shared_ptr<Enqueue> enqueue, LdlmExtentRequest request) {
  request.cancels = take_cancels();
  do {
    enqueue->again = false;
    enqueue->granted.reset();
    enqueue->handle = cachemodel::kNoLock;
    co_await enqueue_once(enqueue, request);
    request.cancels.clear();
  } while (enqueue->again);
  forget(enqueue);
  if (enqueue->abandoned && enqueue->status == sim::Errc::ok) {
    release(enqueue->handle);
  }
  enqueue->done.set();
}

sim::Task<void> LockClient::enqueue_once(std::shared_ptr<Enqueue> enqueue,
                                         LdlmExtentRequest request) {
  transport::CallOptions options;
  options.opcode = LdlmExtentRequest::kOpcode;
  options.idempotent = false;
  co_await context_.host.perform(sim::Work::request, 0);
  const transport::RpcReply reply = co_await import_.call(request, std::move(options));
  enqueue->status = reply.status;
  sim::Extent extent;
  if (reply.status == sim::Errc::ok && reply.forgotten) {
    enqueue->again = true;
  } else if (reply.status == sim::Errc::ok) {
    const auto& body = static_cast<const LdlmExtentReply&>(*reply.body);
    cache_.set_server_volume(body.slv);
    owner_.learned(target_, request.object, body.info, !holds_data(enqueue->resource));
    enqueue->handle = body.handle;
    extent = body.extent;
    if (!body.granted && !early_completion_.contains(body.handle)) {
      co_await enqueue->granted.wait();
    }
    if (const auto told = early_completion_.find(body.handle); told != early_completion_.end()) {
      extent = told->second.extent;
      owner_.learned(target_, request.object, told->second.info, !holds_data(enqueue->resource));
      early_completion_.erase(told);
    } else if (!body.granted) {
      enqueue->status = sim::Errc::evicted;
    }
  }
  if (enqueue->status == sim::Errc::ok && !enqueue->again) {
    add({enqueue->handle, enqueue->resource, request.mode, extent, data_bits()});
  }
}

// Callbacks that came early are for enqueues under way only.
void LockClient::forget(const std::shared_ptr<Enqueue>& enqueue) {
  enqueues_.remove(enqueue);
  changed_count();
  forget_early();
}

void LockClient::forget_early() {
  if (enqueues_.empty() && expected_ == 0) {
    early_blocking_.clear();
    early_completion_.clear();
  }
}

// A new lock; its first user is who asked for it.
void LockClient::add(const cachemodel::GrantedLock& lock) {
  cache_.add(lock);
  changed_count();
  if (const auto early = early_blocking_.find(lock.handle); early != early_blocking_.end()) {
    blocking(early->second);
    early_blocking_.erase(early);
  }
  if (!aging_) {
    aging_ = true;
    tasks_.spawn(age(), "lock LRU", sim::TaskKind::daemon);
  }
}

void LockClient::changed_count() {
  // A lock that is waited for is something that the server keeps, too.
  const bool any = cache_.size() > 0 || !enqueues_.empty();
  if (any && !holds_import_) {
    import_.hold();
  } else if (!any && holds_import_) {
    import_.unhold();
  }
  holds_import_ = any;
}

// A lock may come of it, which must not be forgotten: it goes on without its caller.
sim::Task<void> LockClient::ask(std::shared_ptr<Enqueue> glimpse, LdlmExtentRequest request) {
  transport::CallOptions options;
  options.opcode = LdlmExtentRequest::kOpcode;
  options.idempotent = false;
  co_await context_.host.perform(sim::Work::request, 0);
  const transport::RpcReply reply = co_await import_.call(request, std::move(options));
  glimpse->status = reply.status;
  if (reply.status == sim::Errc::ok) {
    const auto& body = static_cast<const LdlmExtentReply&>(*reply.body);
    cache_.set_server_volume(body.slv);
    glimpse->info = body.info;
    if (body.handle != cachemodel::kNoLock && !reply.forgotten) {
      owner_.learned(target_, request.object, body.info, !holds_data(glimpse->resource));
      add({body.handle, glimpse->resource, request.mode, body.extent, data_bits()});
      release(body.handle);
    }
  }
  forget(glimpse);
  glimpse->done.set();
}

sim::Task<Transfer> LockClient::glimpse(ObjectId object) {
  Transfer result;
  result.timeline = sim::Timeline(context_.loop.now(), sim::Stage::lock);
  if (const auto whole = match(object, LockMode::pr, {0, sim::kEof})) {
    result.info = owner_.describe(target_, object);  // nobody else can change it
    result.timeline.finish(context_.loop.now());
    co_return result;
  }
  LdlmExtentRequest request;
  request.object = object;
  request.glimpse = true;
  const auto question = std::make_shared<Enqueue>(context_.loop, resource(object), request);
  enqueues_.push_back(question);
  changed_count();
  tasks_.spawn(ask(question, std::move(request)), "a glimpse", sim::TaskKind::daemon);
  co_await question->done.wait();
  result.status = question->status;
  result.info = question->info;
  // What this client has not written back, the server may not have asked it about.
  if (cache_.size() > 0 && result.status == sim::Errc::ok) {
    const ObjectInfo here = owner_.describe(target_, object);
    result.info.size = std::max(result.info.size, here.size);
    result.info.mtime_ns = std::max(result.info.mtime_ns, here.mtime_ns);
  }
  result.timeline.finish(context_.loop.now());
  co_return result;
}

}  // namespace stripe
