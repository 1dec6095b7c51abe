// A client's side of an MDT.
#pragma once

#include "stripe/client/context.h"
#include "stripe/client/mdt_locks.h"
#include "stripe/protocol/mds_messages.h"

namespace stripe {

// A metadata reply with its account. `body` is null unless status is ok.
template <typename Body>
struct MdsResult {
  sim::Errc status = sim::Errc::ok;
  std::unique_ptr<Body> body;
  sim::Timeline timeline;
  bool forgotten = false;     // see transport::RpcReply
  std::uint64_t transno = 0;  // the same
  bool ok() const { return status == sim::Errc::ok; }
};

// How many calls are under way is limited as in Lustre: intents by max_rpcs_in_flight; what changes
// something (an open does: it makes a handle) by max_mod_rpcs_in_flight; a close has one slot more,
// so that it need not wait for those.
class Mdc {
 public:
  Mdc(ClientContext& context, transport::Address mdt);

  // Where the design keeps locks, the answer comes with one. It goes on when its caller goes: what
  // the server has given must not be forgotten.
  sim::Task<MdsResult<MdsIntentReply>> intent(MdsIntentRequest request);
  // `file` is what the handle was opened on.
  sim::Task<MdsResult<MdsCloseReply>> close(MdsCloseRequest request, Fid file = {});
  sim::Task<MdsResult<MdsReintReply>> reint(MdsReintRequest request);
  sim::Task<MdsResult<MdsReadpageReply>> readpage(MdsReadpageRequest request);
  // What this client has changed is stable when it ends.
  sim::Task<MdsResult<MdsSyncReply>> sync();
  // Changes of names and attributes that the MDT had answered, and that are lost.
  std::uint64_t changes_lost() const { return changes_lost_; }
  // Also hears of data that is lost, as Import's.
  void set_undone_hook(transport::Import::Undone hook) { undone_hook_ = std::move(hook); }

  // Null: this client keeps no locks.
  MdtLocks* locks() { return locks_.get(); }
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
  // An intent whose answer brings a lock.
  struct Locking {
    explicit Locking(sim::Loop& loop) : done(loop, "an intent") {}
    sim::Event done;
    MdsResult<MdsIntentReply> result;
  };
  template <typename Reply, typename Request>
  sim::Task<MdsResult<Reply>> call(Request request, bool idempotent, sim::Semaphore& slots,
                                   Fid file = {});
  template <typename Reply, typename Request>
  sim::Task<MdsResult<Reply>> change(Request request, sim::Semaphore* also);
  void complete(MdsIntentRequest& request, const Fid& file);
  void complete(MdsReintRequest& request, const Fid& file);
  void complete(MdsCloseRequest& request, const Fid& file);
  void complete(MdsReadpageRequest&, const Fid&) {}
  void complete(MdsSyncRequest&, const Fid&) {}
  // mdc_replay.cc
  void keep_for_replay(const MdsIntentRequest& request, transport::CallOptions& options);
  void keep_for_replay(const MdsReintRequest& request, transport::CallOptions& options);
  void keep_for_replay(const MdsCloseRequest& request, transport::CallOptions& options);
  void keep_for_replay(const MdsReadpageRequest&, transport::CallOptions&) {}
  void keep_for_replay(const MdsSyncRequest&, transport::CallOptions&) {}
  void undone(transport::Opcode opcode, const transport::Body& request,
              const transport::Payload& bulk, const transport::Payload* superseded);
  sim::Task<MdsResult<MdsIntentReply>> send(MdsIntentRequest request);
  sim::Task<MdsResult<MdsIntentReply>> open(MdsIntentRequest request);
  // mdc_apart.cc
  sim::Task<MdsResult<MdsIntentReply>> apart(MdsIntentRequest request);
  sim::Task<MdsResult<MdsIntentReply>> step(MdsIntentRequest request, sim::Timeline& total);
  sim::Task<sim::Errc> lock_apart(const Fid& fid, InodeBits bits, sim::Timeline& total);
  sim::Task<void> describe_apart(const MdsIntentRequest& request, MdsResult<MdsIntentReply>& result,
                                 sim::Timeline& total);
  sim::Task<MdsResult<MdsIntentReply>> with_lock(MdsIntentRequest request);
  sim::Task<void> carry_out(std::shared_ptr<Locking> locking, MdsIntentRequest request);

  ClientContext& context_;
  // These go after the import, whose calls hold them to the last.
  sim::Semaphore data_;       // of data on the MDT
  sim::Semaphore intents_;    // all intents
  sim::Semaphore modifying_;  // all that changes something, but closes
  sim::Semaphore kept_;       // those and closes: for each the MDT keeps a reply
  transport::Import import_;
  std::map<OpenHandle, std::uint64_t> opens_;  // by which change each was made, if it may be lost
  std::uint64_t changes_lost_ = 0;
  transport::Import::Undone undone_hook_;
  std::unique_ptr<MdtLocks> locks_;
  sim::TaskGroup tasks_;
};

}  // namespace stripe
