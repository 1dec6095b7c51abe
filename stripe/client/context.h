// What all parts of one mounted client share.
#pragma once

#include "sim/host.h"
#include "stripe/client/design.h"
#include "stripe/client/outcome.h"
#include "stripe/layout/split_plan.h"
#include "transport/import.h"

namespace stripe {

// Work that no user waited for, and what reads fetched in vain.
struct ClientStats {
  sim::StageTimes background{};
  sim::Bytes over_fetched = 0;
  sim::Bytes read_ahead = 0;  // bytes fetched ahead of need
  std::uint64_t failed_write_backs = 0;
};

struct ClientContext {
  sim::Loop& loop;
  sim::Host& host;
  const ClientDesign& design;
  transport::Endpoint& endpoint;
  ClientStats stats;
  std::vector<std::unique_ptr<SplitPlan>> spare_plans;
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

// One RPC with its account: waits for the connection and a slot (slot), pays for forming it
// (client_cpu), and splits the call's time as the server and the network tell. Leaves `timeline` in
// client_cpu, where handling the answer begins.
template <typename Request>
sim::Task<transport::RpcReply> timed_call(ClientContext& context, transport::Import& import,
                                          sim::Semaphore& slots, Request request,
                                          transport::CallOptions options, sim::Timeline& timeline,
                                          CallAccount account = account_by_stage) {
  timeline.enter(sim::Stage::slot, context.loop.now());
  if (!import.connected()) {
    const sim::Status connected = co_await import.connect();
    if (!connected.ok()) {
      co_return transport::RpcReply{connected.code(), nullptr, {}, {}, {}};
    }
  }
  co_await slots.acquire();
  options.slot = transport::Permit(slots, 1);
  options.opcode = Request::kOpcode;
  timeline.enter(sim::Stage::client_cpu, context.loop.now());
  co_await context.host.perform(sim::Work::request, 0);
  timeline.enter(sim::Stage::fabric, context.loop.now());
  transport::RpcReply reply = co_await import.call(std::move(request), std::move(options));
  account(timeline, reply, context.loop.now());
  co_return reply;
}

}  // namespace stripe
