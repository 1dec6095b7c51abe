#include "stripe/client/mdc.h"

namespace stripe {
namespace {

transport::ImportOptions import_options(const ClientDesign& design) {
  transport::ImportOptions options;
  options.timeout = design.rpc_timeout;
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
      import_(context.endpoint, mdt, "MDT0000", import_options(context.design)) {}

template <typename Reply, typename Request>
sim::Task<MdsResult<Reply>> Mdc::call(Request request, bool idempotent, sim::Semaphore& slots) {
  MdsResult<Reply> result;
  result.timeline = sim::Timeline(context_.loop.now(), sim::Stage::metadata);
  transport::CallOptions options;
  options.idempotent = idempotent;
  transport::RpcReply reply =
      co_await timed_call(context_, import_, slots, std::move(request), std::move(options),
                          result.timeline, account_as_metadata);
  result.status = reply.status;
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

sim::Task<MdsResult<MdsIntentReply>> Mdc::intent(MdsIntentRequest request) {
  if (request.write || request.intent == Intent::open) {
    return change<MdsIntentReply>(std::move(request), &intents_);
  }
  return call<MdsIntentReply>(std::move(request), true, intents_);
}
sim::Task<MdsResult<MdsCloseReply>> Mdc::close(MdsCloseRequest request) {
  return call<MdsCloseReply>(std::move(request), false, kept_);
}
sim::Task<MdsResult<MdsReintReply>> Mdc::reint(MdsReintRequest request) {
  return change<MdsReintReply>(std::move(request), nullptr);
}
sim::Task<MdsResult<MdsReadpageReply>> Mdc::readpage(MdsReadpageRequest request) {
  return call<MdsReadpageReply>(std::move(request), true, intents_);
}

}  // namespace stripe
