// What all parts of one mounted client share.
#pragma once

#include <functional>

#include "sim/host.h"
#include "stripe/client/design.h"
#include "stripe/client/outcome.h"
#include "stripe/layout/split_plan.h"
#include "transport/import.h"

namespace stripe {

// Work that no user waited for, and what reads fetched in vain.
struct ClientStats {
  sim::StageTimes background{};
  sim::Bytes fetched = 0;  // that servers sent, over-fetching included
  sim::Bytes over_fetched = 0;
  std::uint64_t failed_write_backs = 0;
  sim::Bytes swapped_in = 0;     // read from cached pages that had been swapped out
  sim::Bytes evicted_early = 0;  // pushed out of the cache although there was memory for it
  // Of dirty data that a server did not take, above all because it had evicted this client: never
  // to be written, and under way when that came out, so that it may have been.
  sim::Bytes bytes_lost = 0;
  sim::Bytes bytes_unknown = 0;
  // Pages dropped because others wanted to write, but not these pages.
  std::uint64_t pages_dropped_falsely = 0;
  // Of coherence split: attempts to purge, and those that purged nothing.
  std::uint64_t purges = 0;
  std::uint64_t failed_purges = 0;
};

struct ClientContext {
  sim::Loop& loop;
  sim::Host& host;
  const ClientDesign& design;
  transport::Endpoint& endpoint;
  ClientStats stats;
  std::vector<std::unique_ptr<SplitPlan>> spare_plans;
  // Hears of each part of a write that was acknowledged to its caller and may never be in the file.
  std::function<void(std::uint64_t file, sim::Extent range, transport::Stamp stamp)> on_loss;

  void tell_loss(std::uint64_t file, sim::Extent range, transport::Stamp stamp) const {
    if (on_loss) {
      on_loss(file, range, stamp);
    }
  }
};

// A plan to split into, taken from the spares and put back.
class PlanLease {
 public:
  explicit PlanLease(ClientContext& context) : context_(context) {
    if (context_.spare_plans.empty()) {
      plan_ = std::make_unique<SplitPlan>();
    } else {
      plan_ = std::move(context_.spare_plans.back());
      context_.spare_plans.pop_back();
    }
  }
  ~PlanLease() { context_.spare_plans.push_back(std::move(plan_)); }
  PlanLease(const PlanLease&) = delete;
  PlanLease& operator=(const PlanLease&) = delete;
  SplitPlan& operator*() { return *plan_; }
  SplitPlan* operator->() { return plan_.get(); }

 private:
  ClientContext& context_;
  std::unique_ptr<SplitPlan> plan_;
};

// How the time of a call is split between the stages, and what handling its answer is charged to.
using CallAccount = void (*)(sim::Timeline& timeline, const transport::RpcReply& reply,
                             sim::TimePoint now);

// A call to an object: the server's stages one by one.
inline void account_by_stage(sim::Timeline& timeline, const transport::RpcReply& reply,
                             sim::TimePoint now) {
  timeline.leave_call(reply.server, reply.transit, sim::Stage::client_cpu, now);
}

// What a request still needs when its turn has come: nothing.
struct NothingToAdd {
  template <typename Request>
  void operator()(Request&) const {}
};

// What comes before an RPC, with its account: waits for the connection and a slot (slot), which
// `options` then hold, and pays for forming it (client_cpu). Leaves `timeline` in fabric. ok, or
// why there is no connection. Apart from the call, so that its frame is gone while the call is
// under way.
sim::Task<sim::Errc> before_call(ClientContext& context, transport::Import& import,
                                 sim::Semaphore& slots, transport::CallOptions& options,
                                 sim::Timeline& timeline);

// One RPC with its account: before_call(), then splits the call's time as the server and the
// network tell. Leaves `timeline` in client_cpu, where handling the answer begins.
// `complete(request)` is called once it has its slot.
template <typename Request, typename Complete = NothingToAdd>
sim::Task<transport::RpcReply> timed_call(ClientContext& context, transport::Import& import,
                                          sim::Semaphore& slots, std::unique_ptr<Request> request,
                                          transport::CallOptions options, sim::Timeline& timeline,
                                          CallAccount account = account_by_stage,
                                          Complete complete = {}) {
  auto& reply = co_await sim::in_place<transport::RpcReply>();
  options.opcode = Request::kOpcode;
  reply.status = co_await before_call(context, import, slots, options, timeline);
  if (reply.status == sim::Errc::ok) {
    complete(*request);
    reply = co_await import.call(std::move(request), std::move(options));
    account(timeline, reply, context.loop.now());
  }
  co_return sim::kInPlace;
}

}  // namespace stripe
