#include "transport/import.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>

namespace transport {
namespace {

// Not later than a call would be given up: whoever was evicted finds out within that.
sim::Duration retry_after(std::uint32_t attempts, sim::Duration timeout) {
  return std::min({sim::seconds(5) * attempts, sim::seconds(50), timeout});
}

}  // namespace

Import::Import(Endpoint& endpoint, Address target, std::string name, ImportOptions options)
    : WaitPlace(endpoint.loop()),
      endpoint_(endpoint),
      target_(target),
      name_(std::move(name)),
      options_(options),
      slots_(endpoint.loop(), options.rpcs_in_flight, name_),
      connect_done_(endpoint.loop(), name_),
      replayable_(options.replayable),
      connecting_(endpoint.loop()),
      pinging_(endpoint.loop()) {
  deadline_timer_.fire = &Import::deadline_passed;
  idle_timer_.fire = &Import::idle_passed;
  ping_timer_.fire = &Import::ping_due;
  deadline_timer_.import = idle_timer_.import = ping_timer_.import = this;
  endpoint_.add(*this);
}

Import::~Import() {
  connecting_.cancel_all();
  pinging_.cancel_all();
  if (state_ == State::full) {
    say_goodbye();
  }
  endpoint_.remove(*this);
  for (Timer* timer : {&deadline_timer_, &idle_timer_, &ping_timer_}) {
    disarm(*timer);
  }
  while (!in_flight_.empty()) {
    PendingRpc& rpc = in_flight_.pop_front();
    rpc.answered = true;
    if (rpc.abandoned) {
      endpoint_.release(rpc);
    }
  }
}

void Import::tell(std::vector<Wait>& waits) const {
  in_flight_.for_each([&](const PendingRpc& rpc) {
    if (rpc.waiter != nullptr) {
      waits.push_back({rpc.waiter->root(), name_});
    }
  });
}

// The one that became free last, so that there are no more than calls were ever under way at once.
std::uint16_t Import::take_slot() {
  if (free_slots_.empty()) {
    sim::check(slots_made_ <= std::numeric_limits<std::uint16_t>::max(),
               "a client has too many calls under way to one target");
    return static_cast<std::uint16_t>(slots_made_++);
  }
  const std::uint16_t slot = free_slots_.back();
  free_slots_.pop_back();
  return slot;
}

sim::Task<RpcReply> Import::carry_out(Hold rpc, std::unique_ptr<Body> request) {
  RpcReply& reply = co_await sim::in_place<RpcReply>();
  const bool makes_connection = rpc->options.makes_connection;
  const std::uint64_t epoch = epoch_;
  for (std::uint32_t attempt = 0;; ++attempt) {
    if (!connected() && !makes_connection) {
      const sim::Status status = co_await connect();
      if (!status.ok() || rpc->answered) {
        reply = give_up(*rpc, attempt > 0, status.code());
        break;
      }
      if (epoch != epoch_) {
        reply = give_up(*rpc, attempt > 0, sim::Errc::evicted);
        break;
      }
    }
    send(*rpc, request->clone(), attempt > 0);
    co_await Answer(*this, *rpc);
    const bool last = attempt >= options_.resends && !replayable_;
    if (rpc->answered || last || makes_connection) {
      reply = give_up(*rpc, true, sim::Errc::timed_out);
      break;
    }
  }
  co_return sim::kInPlace;
}

sim::Task<sim::Status> Import::connect() {
  if (state_ == State::full) {
    co_return sim::Status();
  }
  if (state_ == State::disconnected) {
    state_ = State::connecting;
    connect_done_.reset();
    connecting_.spawn(connect_once(), name_, sim::TaskKind::daemon);
  }
  while (state_ == State::connecting) {
    co_await connect_done_.wait();
  }
  co_return connect_result_;
}

// A target that keeps what clients hold there is asked again until it answers (Lustre: after 5 s,
// then 5 s later each time, up to 50 s or the time-out); of another one call tells.
sim::Task<void> Import::connect_once() {
  for (connect_attempts_ = 1;; ++connect_attempts_) {
    refused_ = false;
    CallOptions options;
    options.opcode = kConnect;
    ConnectRequest request;
    request.generation = generation_;
    request.wanted = options_.wanted;
    const sim::TimePoint began = endpoint_.loop().now();
    const RpcReply reply = co_await call(request, std::move(options));
    if (reply.status == sim::Errc::ok) {
      const auto& body = static_cast<const ConnectReply&>(*reply.body);
      if (connected_as(body) || co_await recover()) {
        connect_result_ = sim::Status();
        state_ = State::full;
        standings_.usable();
        last_use_ = endpoint_.loop().now();
        watch_silence();
        break;
      }
      // It is there, and its recovery goes on only with this client: that comes back at once.
      connect_attempts_ = 0;
      continue;
    }
    connect_result_ =
        sim::Error{sim::Errc::unreachable,
                   fmt::format("{} does not answer: {}", name_, sim::errc_name(reply.status))};
    if (!replayable_) {
      state_ = State::disconnected;
      break;
    }
    co_await sim::sleep_until(endpoint_.loop(),
                              began + retry_after(connect_attempts_, options_.timeout));
  }
  connect_done_.set();
}

void Import::send(PendingRpc& rpc, std::unique_ptr<Body> body, bool resent) {
  auto message = std::make_unique<Message>();
  message->to = target_;
  message->header.opcode = rpc.options.opcode;
  message->header.xid = rpc.xid;
  message->header.slot = rpc.slot;
  message->header.resent = resent;
  message->header.generation = generation_;
  message->header.replay = rpc.replay;
  message->header.transno = rpc.transno;
  if (rpc.options.replays && replayable_) {
    rpc.kept = body->clone();
  }
  message->body = std::move(body);
  if (rpc.options.inline_bulk) {
    message->bulk = rpc.options.bulk.clone();
  }
  rpc.deadline = endpoint_.loop().now() + timeout_of(rpc);
  in_flight_.push_back(rpc);
  ++in_flight_count_;
  if (deadline_timer_.armed && rpc.deadline < deadline_timer_.due) {
    disarm(deadline_timer_);
  }
  if (!deadline_timer_.armed) {
    arm(deadline_timer_, rpc.deadline);
  }
  endpoint_.send(std::move(message));
}

void Import::answer(PendingRpc& rpc, MessagePtr message) {
  if (message->header.status == sim::Errc::bad_handle && rpc.options.opcode != kConnect) {
    // The server knows this link no longer (it restarted, or dropped us): connect anew and resend.
    // Of many calls refused over one connection only the first tells something new.
    if (rpc.linked() && message->header.generation == generation_) {
      refused_ = true;
      connection_lost();
    }
    return;
  }
  // A server's recovery ends with all it knows being stable, not with what it was never given
  // again: that is lost first.
  const bool forgotten = rpc.options.opcode == kConnect &&
                         message->header.status == sim::Errc::ok &&
                         forgets(static_cast<const ConnectReply&>(*message->body));
  if (!forgotten) {
    committed(message->header.last_committed);
  }
  if (message->header.transno > 0 && rpc.kept) {
    keep(rpc, *message);
  }
  rpc.answered = true;
  rpc.answered_in = upheavals_;
  rpc.reply.status = message->header.status;
  rpc.reply.transno = message->header.transno;
  rpc.reply.body = std::move(message->body);
  rpc.reply.server = message->header.server;
  rpc.reply.transit = {message->header.transit, message->transit};
  if (message->bulk.size() > 0) {
    rpc.reply.bulk = std::move(message->bulk);
  }
  if (rpc.linked()) {
    settle(rpc);
  }
  // Otherwise it was given up and its caller is about to send it again; it will see the answer.
}

// The call is no longer under way: its slot is free, its caller is told.
void Import::settle(PendingRpc& rpc) {
  rpc.unlink();
  --in_flight_count_;
  last_use_ = endpoint_.loop().now();
  if (rpc.answered || rpc.abandoned) {
    rpc.options.slot.release();
    rpc.options.bulk = Payload();
  }
  if (rpc.abandoned) {
    endpoint_.release(rpc);
  } else if (rpc.waiter != nullptr) {
    rpc.waiter->wake();
  }
  watch_idle();
  if (in_flight_count_ == 0) {
    watch_silence();
  }
}

// The next ping is due an interval after the last thing that was heard; while something is under
// way, that will tell.
void Import::watch_silence() {
  if (options_.ping_interval > sim::Duration() && generation_ != 0 && !ping_timer_.armed) {
    arm(ping_timer_, last_use_ + ping_after());
  }
}

void Import::watch_idle() {
  if (in_flight_count_ == 0 && holds_ == 0 && unstable_.empty() &&
      options_.idle_timeout > sim::Duration() && !idle_timer_.armed) {
    arm(idle_timer_, last_use_ + options_.idle_timeout);
  }
}

void Import::unhold() {
  if (--holds_ == 0) {
    last_use_ = endpoint_.loop().now();
    watch_idle();
  }
}

void Import::let_go(PendingRpc& rpc) {
  if (rpc.linked() && !rpc.answered) {
    rpc.abandoned = true;
    rpc.waiter = nullptr;
  } else {
    endpoint_.release(rpc);
  }
}

RpcReply Import::give_up(PendingRpc& rpc, bool sent, sim::Errc why) {
  if (!rpc.answered) {
    rpc.reply.status = sent && !rpc.options.idempotent ? sim::Errc::unknown_outcome : why;
  }
  rpc.reply.forgotten = rpc.answered && rpc.answered_in != upheavals_;
  return std::move(rpc.reply);
}

void Import::connection_lost() {
  if (state_ == State::full) {
    state_ = State::disconnected;
    standings_.lost(endpoint_.loop().now());
  }
  while (!in_flight_.empty()) {
    settle(in_flight_.front());
  }
}

}  // namespace transport
