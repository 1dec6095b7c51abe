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

  // Where the design keeps locks, the answer comes with one. It goes on when its caller goes, and
  // so does an open: what the server has given must not be forgotten. A file that was opened for
  // nobody is closed again.
  sim::Task<MdsResult<MdsIntentReply>> intent(MdsIntentRequest request);
  // `file` is what the handle was opened on. It goes on when its caller goes: the file is not open
  // any more for this client, nor is it to be opened again after a restart.
  sim::Task<MdsResult<MdsCloseReply>> close(MdsCloseRequest request, Fid file = {});
  // Closes a file that nobody has got.
  sim::Task<void> give_back(OpenHandle handle);
  sim::Task<MdsResult<MdsReintReply>> reint(MdsReintRequest request);
  sim::Task<MdsResult<MdsReadpageReply>> readpage(MdsReadpageRequest request);
  // What this client has changed is stable when it ends.
  sim::Task<MdsResult<MdsSyncReply>> sync();
  // Changes of names and attributes that the MDT had answered, and that are lost.
  std::uint64_t changes_lost() const { return changes_lost_; }
  // An import tells one listener of the calls that were carried out and are lost, and that of the
  // MDT tells this Mdc, which counts lost changes of names. Data on the MDT goes over the same
  // import: whoever accounts for that (the Lov) is told of every such call here, after it was
  // counted, with the arguments that Import::set_undone_hook has, and looks for its own among them.
  // One hook; what it refers to must outlive this or be replaced by an empty one.
  void set_undone_hook(transport::Import::Undone hook) { undone_hook_ = std::move(hook); }

  // Files that this client has open by calls that a restarted MDT would have to be given again.
  std::size_t opens_kept() { return opens().size(); }
  // Opens, closes and other intents that go on, some of which nobody waits for any more.
  std::size_t going_on() const { return tasks_.size(); }

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
  // A call that goes on when its caller goes.
  template <typename Reply>
  struct GoingOn {
    explicit GoingOn(sim::Loop& loop) : done(loop, "a call to the MDT") {}
    sim::Event done;
    MdsResult<Reply> result;
    bool taken = false;      // the caller has it
    bool abandoned = false;  // the caller went before it was done
  };
  using Intending = std::shared_ptr<GoingOn<MdsIntentReply>>;
  using Closing = std::shared_ptr<GoingOn<MdsCloseReply>>;
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
  // The import's undone hook: counts it and tells the hook that was set here.
  void undone(transport::Opcode opcode, const transport::Body& request,
              const transport::Payload& bulk, const transport::Payload* superseded);
  std::map<OpenHandle, std::uint64_t>& opens();
  sim::Task<MdsResult<MdsIntentReply>> send(MdsIntentRequest request);
  sim::Task<MdsResult<MdsIntentReply>> open(MdsIntentRequest request);
  // mdc_apart.cc
  sim::Task<MdsResult<MdsIntentReply>> apart(MdsIntentRequest request);
  sim::Task<MdsResult<MdsIntentReply>> step(MdsIntentRequest request, sim::Timeline& total);
  sim::Task<sim::Errc> lock_apart(const Fid& fid, InodeBits bits, sim::Timeline& total);
  sim::Task<void> describe_apart(const MdsIntentRequest& request, MdsResult<MdsIntentReply>& result,
                                 sim::Timeline& total);
  sim::Task<MdsResult<MdsIntentReply>> go_on(MdsIntentRequest request);
  sim::Task<void> carry_out(Intending intending, MdsIntentRequest request);
  sim::Task<void> carry_out_close(Closing closing, MdsCloseRequest request, Fid file);
  bool is_whole(const MdsIntentRequest& request) const {
    return context_.design.intents || request.intent == Intent::lock;
  }

  ClientContext& context_;
  // These go after the import, whose calls hold them to the last.
  sim::Semaphore data_;       // of data on the MDT
  sim::Semaphore intents_;    // all intents
  sim::Semaphore modifying_;  // all that changes something, but closes
  sim::Semaphore kept_;       // those and closes: for each the MDT keeps a reply
  transport::Import import_;
  // By which change each open file was opened, if that is kept for a restart; until its close has
  // been answered, or this client was evicted. Use opens().
  std::map<OpenHandle, std::uint64_t> opens_;
  std::uint64_t opens_evictions_ = 0;  // of the import, when opens_ was looked at
  std::uint64_t changes_lost_ = 0;
  transport::Import::Undone undone_hook_;  // told after undone() has counted
  std::unique_ptr<MdtLocks> locks_;
  sim::TaskGroup tasks_;
};

}  // namespace stripe
