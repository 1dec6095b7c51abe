// A client's side of an MDT.
#pragma once

#include "stripe/client/context.h"
#include "stripe/protocol/mds_messages.h"

namespace stripe {

// A metadata reply with its account. `body` is null unless status is ok.
template <typename Body>
struct MdsResult {
  sim::Errc status = sim::Errc::ok;
  std::unique_ptr<Body> body;
  sim::Timeline timeline;
  bool ok() const { return status == sim::Errc::ok; }
};

class Mdc {
 public:
  Mdc(ClientContext& context, transport::Address mdt);

  sim::Task<MdsResult<MdsIntentReply>> intent(MdsIntentRequest request) {
    const bool changes = request.create || request.write || request.intent == Intent::open;
    return call<MdsIntentReply>(std::move(request), !changes);
  }
  sim::Task<MdsResult<MdsCloseReply>> close(MdsCloseRequest request) {
    return call<MdsCloseReply>(std::move(request), false);
  }
  sim::Task<MdsResult<MdsReintReply>> reint(MdsReintRequest request) {
    return call<MdsReintReply>(std::move(request), false);
  }
  sim::Task<MdsResult<MdsReadpageReply>> readpage(MdsReadpageRequest request) {
    return call<MdsReadpageReply>(std::move(request), true);
  }
  transport::Import& import() { return import_; }

 private:
  template <typename Reply, typename Request>
  sim::Task<MdsResult<Reply>> call(Request request, bool idempotent) {
    MdsResult<Reply> result;
    result.timeline = sim::Timeline(context_.loop.now(), sim::Stage::metadata);
    transport::CallOptions options;
    options.idempotent = idempotent;
    transport::RpcReply reply = co_await timed_call(context_, import_, std::move(request),
                                                    std::move(options), result.timeline);
    result.status = reply.status;
    if (result.ok()) {
      result.body.reset(static_cast<Reply*>(reply.body.release()));
    }
    result.timeline.finish(context_.loop.now());
    co_return result;
  }

  ClientContext& context_;
  transport::Import import_;
};

}  // namespace stripe
