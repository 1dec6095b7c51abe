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

// How many calls are under way is limited as in Lustre: intents by max_rpcs_in_flight; what changes
// something (an open does: it makes a handle) by max_mod_rpcs_in_flight; a close has one slot more,
// so that it need not wait for those.
class Mdc {
 public:
  Mdc(ClientContext& context, transport::Address mdt);

  sim::Task<MdsResult<MdsIntentReply>> intent(MdsIntentRequest request);
  sim::Task<MdsResult<MdsCloseReply>> close(MdsCloseRequest request);
  sim::Task<MdsResult<MdsReintReply>> reint(MdsReintRequest request);
  sim::Task<MdsResult<MdsReadpageReply>> readpage(MdsReadpageRequest request);

  // The connection, which the data kept on this MDT uses too.
  transport::Import& import() { return import_; }
  // The slots of calls for that data.
  sim::Semaphore& data_slots() { return data_; }
  // No RPC of any kind is under way.
  bool all_slots_free() const {
    return data_.available() == context_.design.mdc_rpcs_in_flight &&
           intents_.available() == context_.design.mdc_rpcs_in_flight &&
           modifying_.available() == context_.design.mod_rpcs_in_flight &&
           kept_.available() == context_.design.mod_rpcs_in_flight + 1;
  }

 private:
  template <typename Reply, typename Request>
  sim::Task<MdsResult<Reply>> call(Request request, bool idempotent, sim::Semaphore& slots);
  template <typename Reply, typename Request>
  sim::Task<MdsResult<Reply>> change(Request request, sim::Semaphore* also);

  ClientContext& context_;
  // These go after the import, whose calls hold them to the last.
  sim::Semaphore data_;       // of data on the MDT
  sim::Semaphore intents_;    // all intents
  sim::Semaphore modifying_;  // all that changes something, but closes
  sim::Semaphore kept_;       // those and closes: for each the MDT keeps a reply
  transport::Import import_;
};

}  // namespace stripe
