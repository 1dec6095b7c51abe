// What a client keeps for the case that its target starts anew, and how it brings it back.
#include <algorithm>
#include <utility>

#include "transport/import.h"

namespace transport {
namespace {

// While something is not stable, the target is asked so often (Lustre: the pinger's short
// interval).
constexpr sim::Duration kUnstablePing = sim::seconds(7);
// How long a target that clients come back to may leave a connect unanswered.
constexpr sim::Duration kConnectTimeout = sim::seconds(5);

}  // namespace

sim::Duration Import::timeout_of(const PendingRpc& rpc) const {
  return rpc.options.opcode == kConnect && replayable_
             ? std::min(kConnectTimeout * connect_attempts_, options_.timeout)
             : options_.timeout;
}

sim::Duration Import::ping_after() const {
  return unstable_.empty() ? options_.ping_interval
                           : std::min(options_.ping_interval, kUnstablePing);
}

bool Import::forgets(const ConnectReply& reply) const {
  return generation_ != 0 && !reply.known && !reply.recovering;
}

// True if calls may go on; else the target recovers.
bool Import::connected_as(const ConnectReply& reply) {
  const bool lost = forgets(reply);
  const bool same = reply.instance == instance_;
  const bool evicted = same || replayable_;
  upheavals_ += lost || !same ? 1 : 0;
  reconnects_ += generation_ != 0 ? 1 : 0;
  standings_.connected(endpoint_.loop().now(), reply.generation, generation_ != 0 && !lost);
  if (reply.recovering) {
    standings_.lost(endpoint_.loop().now());  // calls do not go through yet
  }
  generation_ = reply.generation;
  instance_ = reply.instance;
  replayable_ = reply.replayable;
  if (lost) {
    if (evicted) {
      ++epoch_;
    }
    lose_unstable();
    if (loss_hook_) {
      loss_hook_(evicted ? Loss::evicted : Loss::restarted);
    }
  }
  if (gift_hook_) {
    gift_hook_(reply.given);
  }
  return !reply.recovering;
}

void Import::keep(PendingRpc& rpc, const Message& answer) {
  CallOptions& options = rpc.options;
  if (options.amend != nullptr && answer.body) {
    options.amend(*rpc.kept, answer.body.get());
  }
  Unstable call{options.opcode,
                std::move(rpc.kept),
                options.bulk.clone(),
                options.inline_bulk,
                std::move(options.superseded),
                instance_,
                options.amend,
                options.lasting,
                options.ends};
  if (answer.header.transno <= answer.header.last_committed) {
    stable(answer.header.transno, std::move(call));
    return;
  }
  unstable_bytes_ += call.bulk.size();
  most_unstable_ = std::max(most_unstable_, unstable_bytes_);
  unstable_.insert_or_assign(answer.header.transno, std::move(call));
  if (ping_timer_.armed && ping_timer_.due > endpoint_.loop().now() + ping_after()) {
    disarm(ping_timer_);
    arm(ping_timer_, endpoint_.loop().now() + ping_after());
  }
}

void Import::committed(std::uint64_t transno) {
  if (unstable_.empty() || unstable_.begin()->first > transno) {
    return;
  }
  while (!unstable_.empty() && unstable_.begin()->first <= transno) {
    unstable_bytes_ -= unstable_.begin()->second.bulk.size();
    KeptCalls::node_type call = unstable_.extract(unstable_.begin());
    stable(call.key(), std::move(call.mapped()));
  }
  watch_idle();
}

void Import::stable(std::uint64_t transno, Unstable call) {
  lasting_.erase(call.ends);
  if (call.lasting) {
    call.bulk = Payload();
    lasting_.insert_or_assign(transno, std::move(call));
  }
}

// What this server has carried out itself stays. What it did not get while it recovered is lost as
// well as if it had never been asked. Nothing that a change gave for as long as this client is
// known is to come back with it.
void Import::lose_unstable() {
  lasting_.clear();
  for (auto next = unstable_.begin(); next != unstable_.end();) {
    const auto call = next++;
    if (call->second.instance != instance_) {
      lose(unstable_.extract(call));
    } else if (std::exchange(call->second.lasting, false) && call->second.amend != nullptr) {
      call->second.amend(*call->second.body, nullptr);
    }
  }
}

void Import::lose(KeptCalls::node_type call) {
  const Unstable& gone = call.mapped();
  unstable_bytes_ -= gone.bulk.size();
  lost_unstable_ += gone.bulk.size();
  if (undone_hook_) {
    undone_hook_(gone.opcode, *gone.body, gone.bulk, gone.superseded.get());
  }
}

sim::Task<RpcReply> Import::replay(std::unique_ptr<Body> body, CallOptions options,
                                   std::uint64_t transno) {
  Hold hold(*this, endpoint_.open(*this, std::move(options)));
  hold->replay = true;
  hold->transno = transno;
  send(*hold, std::move(body), false);
  co_await Answer(*this, *hold);
  co_return give_up(*hold, true, sim::Errc::timed_out);
}

// False if the target does not answer, or has started anew once more: then it is connected to
// again.
sim::Task<bool> Import::recover() {
  const bool requests = co_await replay_all(lasting_) && co_await replay_all(unstable_) &&
                        co_await tell_done(RecoveryStep::requests);
  if (!requests) {
    co_return false;
  }
  if (replay_hook_) {
    co_await replay_hook_();
  }
  co_return co_await tell_done(RecoveryStep::locks);
}

// One after the other, in the order in which they were carried out.
sim::Task<bool> Import::replay_all(KeptCalls& calls) {
  std::uint64_t last = 0;
  for (auto next = calls.begin(); next != calls.end(); next = calls.upper_bound(last)) {
    last = next->first;
    const Unstable& call = next->second;
    if (call.instance == instance_) {
      continue;
    }
    CallOptions options;
    options.opcode = call.opcode;
    options.bulk = call.bulk.clone();
    options.inline_bulk = call.inline_bulk;
    const RpcReply reply = co_await replay(call.body->clone(), std::move(options), last);
    if (reply.status == sim::Errc::timed_out || reply.status == sim::Errc::unknown_outcome) {
      co_return false;
    }
    const auto done = calls.find(last);
    if (done == calls.end()) {
      continue;
    }
    if (reply.status == sim::Errc::ok) {
      done->second.instance = instance_;
    } else if (&calls == &lasting_) {
      lasting_.erase(done);  // what it changed is stable, and stays
    } else {
      lose(calls.extract(done));
    }
  }
  co_return !refused_;
}

// The answer comes when all clients have come so far, or their time is over: a wait that may be
// longer than a call's.
sim::Task<bool> Import::tell_done(RecoveryStep step) {
  while (!refused_) {
    PingRequest request;
    request.done = step;
    CallOptions options;
    options.opcode = kPing;
    const RpcReply reply =
        co_await replay(std::make_unique<PingRequest>(request), std::move(options));
    if (reply.status == sim::Errc::ok) {
      co_return true;
    }
  }
  co_return false;
}

}  // namespace transport
