#include "stripe/client/mdc.h"

namespace stripe {
namespace {

transport::ImportOptions import_options(const ClientDesign& design) {
  transport::ImportOptions options;
  options.timeout = design.rpc_timeout;
  options.ping_interval = design.ping_interval;
  options.idle_timeout = sim::Duration();  // Lustre keeps the connection to the MDT
  return options;
}

void account_as_metadata(sim::Timeline& timeline, const transport::RpcReply& reply,
                         sim::TimePoint now) {
  timeline.leave_metadata_call(reply.server, reply.transit, sim::Stage::client_cpu, now);
}

}  // namespace

Mdc::Mdc(ClientContext& context, transport::Address mdt)
    : context_(context),
      data_(context.loop, context.design.mdc_rpcs_in_flight, "an RPC slot of MDT0000"),
      intents_(context.loop, context.design.mdc_rpcs_in_flight, "an RPC slot of MDT0000"),
      modifying_(context.loop, context.design.mod_rpcs_in_flight, "a modifying slot of MDT0000"),
      kept_(context.loop, context.design.mod_rpcs_in_flight + 1, "a modifying slot of MDT0000"),
      import_(context.endpoint, mdt, "MDT0000", import_options(context.design)),
      locks_(context.design.coherence == Coherence::ldlm
                 ? std::make_unique<MdtLocks>(context, import_)
                 : nullptr),
      tasks_(context.loop) {
  import_.set_undone_hook(
      [this](transport::Opcode opcode, const transport::Body& request,
             const transport::Payload& bulk,
             const transport::Payload* superseded) { undone(opcode, request, bulk, superseded); });
}

void Mdc::complete(MdsIntentRequest& request, const Fid&) {
  if (locks_) {
    locks_->add_cancels(request);
  }
}
void Mdc::complete(MdsReintRequest& request, const Fid&) {
  if (locks_) {
    locks_->add_cancels(request);
  }
}
void Mdc::complete(MdsCloseRequest& request, const Fid& file) {
  if (locks_) {
    locks_->add_cancels(request, file);
  }
}

template <typename Reply, typename Request>
sim::Task<MdsResult<Reply>> Mdc::call(Request request, bool idempotent, sim::Semaphore& slots,
                                      Fid file) {
  MdsResult<Reply> result;
  result.timeline = sim::Timeline(context_.loop.now(), sim::Stage::metadata);
  transport::CallOptions options;
  options.idempotent = idempotent;
  keep_for_replay(request, options);
  std::optional<LockClient::Carried> carried;
  const auto before = [&](Request& ready) {
    complete(ready, file);
    if constexpr (requires { ready.cancels; }) {
      if (locks_ && !ready.cancels.empty()) {
        carried.emplace(locks_->client(), ready.cancels);
      }
    }
  };
  transport::RpcReply reply =
      co_await timed_call(context_, import_, slots, std::make_unique<Request>(std::move(request)),
                          std::move(options), result.timeline, account_as_metadata, before);
  carried.reset();
  result.status = reply.status;
  result.forgotten = reply.forgotten;
  result.transno = reply.transno;
  if (result.ok()) {
    result.body.reset(static_cast<Reply*>(reply.body.release()));
  }
  result.timeline.finish(context_.loop.now());
  co_return result;
}

// What waits for a slot of its kind waits here, before it takes one of those that keep a reply.
template <typename Reply, typename Request>
sim::Task<MdsResult<Reply>> Mdc::change(Request request, sim::Semaphore* also) {
  const sim::TimePoint begin = context_.loop.now();
  co_await modifying_.acquire();
  const transport::Permit modifying(modifying_, 1);
  transport::Permit other;
  if (also != nullptr) {
    co_await also->acquire();
    other = transport::Permit(*also, 1);
  }
  sim::Timeline timeline(begin, sim::Stage::slot);
  MdsResult<Reply> result = co_await call<Reply>(std::move(request), false, kept_);
  timeline.adopt(result.timeline, sim::Stage::client_cpu, context_.loop.now());
  result.timeline = std::move(timeline);
  co_return result;
}

sim::Task<MdsResult<MdsIntentReply>> Mdc::send(MdsIntentRequest request) {
  if (request.intent == Intent::open) {
    return open(std::move(request));
  }
  if (request.write) {
    return change<MdsIntentReply>(std::move(request), &intents_);
  }
  const bool idempotent = !request.lock;
  return call<MdsIntentReply>(std::move(request), idempotent, intents_);
}

sim::Task<MdsResult<MdsIntentReply>> Mdc::open(MdsIntentRequest request) {
  auto result = co_await change<MdsIntentReply>(std::move(request), &intents_);
  if (result.ok() && result.transno != 0) {
    opens().insert_or_assign(result.body->handle, result.transno);
  }
  co_return result;
}

sim::Task<void> Mdc::carry_out(Intending intending, MdsIntentRequest request) {
  MdsResult<MdsIntentReply>& result = intending->result;
  std::optional<LockClient::Expecting> expecting;
  if (locks_) {
    expecting.emplace(locks_->client());
  }
  if (is_whole(request)) {
    result = co_await send(request);
    if (locks_ && result.ok() && !result.forgotten) {
      locks_->granted(request, *result.body);
    }
  } else {
    result = co_await apart(std::move(request));
  }
  intending->done.set();
  expecting.reset();
  if (intending->abandoned && result.ok() && result.body->handle != 0) {
    co_await give_back(result.body->handle);
  }
}

sim::Task<void> Mdc::give_back(OpenHandle handle) {
  MdsCloseRequest request;
  request.handle = handle;
  static_cast<void>(co_await close(std::move(request)));
}

sim::Task<MdsResult<MdsIntentReply>> Mdc::go_on(MdsIntentRequest request) {
  struct Caller {
    ~Caller() {
      if (intending->taken) {
        return;
      }
      const auto& result = intending->result;
      if (intending->done.is_set() && result.ok() && result.body->handle != 0) {
        mdc.tasks_.spawn(mdc.give_back(result.body->handle), "a file nobody wants");
      }
      intending->abandoned = true;
    }
    Mdc& mdc;
    Intending intending;
  };
  const Caller caller{*this, std::make_shared<GoingOn<MdsIntentReply>>(context_.loop)};
  const bool opens = request.intent == Intent::open;
  tasks_.spawn(carry_out(caller.intending, std::move(request)), opens ? "an open" : "an intent",
               opens ? sim::TaskKind::normal : sim::TaskKind::daemon);
  co_await caller.intending->done.wait();
  caller.intending->taken = true;
  co_return std::move(caller.intending->result);
}

sim::Task<MdsResult<MdsIntentReply>> Mdc::intent(MdsIntentRequest request) {
  request.lock = locks_ != nullptr && is_whole(request);
  if (locks_ || request.intent == Intent::open) {
    return go_on(std::move(request));
  }
  return is_whole(request) ? send(std::move(request)) : apart(std::move(request));
}

// What is kept of the open ends with the kept close, when that is stable.
sim::Task<void> Mdc::carry_out_close(Closing closing, MdsCloseRequest request, Fid file) {
  const OpenHandle handle = request.handle;
  closing->result = co_await call<MdsCloseReply>(std::move(request), false, kept_, file);
  opens().erase(handle);
  closing->done.set();
}

sim::Task<MdsResult<MdsCloseReply>> Mdc::close(MdsCloseRequest request, Fid file) {
  const auto closing = std::make_shared<GoingOn<MdsCloseReply>>(context_.loop);
  tasks_.spawn(carry_out_close(closing, std::move(request), file), "a close",
               sim::TaskKind::daemon);
  co_await closing->done.wait();
  co_return std::move(closing->result);
}
sim::Task<MdsResult<MdsReintReply>> Mdc::reint(MdsReintRequest request) {
  return change<MdsReintReply>(std::move(request), nullptr);
}
sim::Task<MdsResult<MdsReadpageReply>> Mdc::readpage(MdsReadpageRequest request) {
  return call<MdsReadpageReply>(std::move(request), true, intents_);
}
sim::Task<MdsResult<MdsSyncReply>> Mdc::sync() {
  return call<MdsSyncReply>(MdsSyncRequest(), true, intents_);
}

}  // namespace stripe
