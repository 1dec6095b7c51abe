#include "transport/import.h"

#include <fmt/format.h>

#include <limits>

namespace transport {

Import::Import(Endpoint& endpoint, Address target, std::string name, ImportOptions options)
    : WaitPlace(endpoint.loop()),
      endpoint_(endpoint),
      target_(target),
      name_(std::move(name)),
      options_(options),
      slots_(endpoint.loop(), options.rpcs_in_flight, name_),
      connect_done_(endpoint.loop(), name_),
      connecting_(endpoint.loop()) {
  deadline_timer_.fire = &Import::deadline_passed;
  idle_timer_.fire = &Import::idle_passed;
  deadline_timer_.import = idle_timer_.import = this;
  endpoint_.add(*this);
}

Import::~Import() {
  connecting_.cancel_all();
  endpoint_.remove(*this);
  disarm(deadline_timer_);
  disarm(idle_timer_);
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

sim::Task<void> Import::connect_once() {
  CallOptions options;
  options.opcode = kConnect;
  const RpcReply reply = co_await call(ConnectRequest{}, std::move(options));
  if (reply.status == sim::Errc::ok) {
    generation_ = static_cast<const ConnectReply&>(*reply.body).generation;
    connect_result_ = sim::Status();
    state_ = State::full;
  } else {
    connect_result_ =
        sim::Error{sim::Errc::unreachable,
                   fmt::format("{} does not answer: {}", name_, sim::errc_name(reply.status))};
    state_ = State::disconnected;
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
  message->body = std::move(body);
  if (rpc.options.inline_bulk) {
    message->bulk = rpc.options.bulk.clone();
  }
  rpc.deadline = endpoint_.loop().now() + options_.timeout;
  in_flight_.push_back(rpc);
  ++in_flight_count_;
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
      connection_lost();
    }
    return;
  }
  rpc.answered = true;
  rpc.reply.status = message->header.status;
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
  if (in_flight_count_ == 0 && options_.idle_timeout > sim::Duration() && !idle_timer_.armed) {
    arm(idle_timer_, last_use_ + options_.idle_timeout);
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
  return std::move(rpc.reply);
}

void Import::connection_lost() {
  if (state_ == State::full) {
    state_ = State::disconnected;
  }
  while (!in_flight_.empty()) {
    settle(in_flight_.front());
  }
}

void Import::arm(Timer& timer, sim::TimePoint due) {
  timer.armed = true;
  timer.due = due;
  endpoint_.loop().at(due, timer);
}

void Import::disarm(Timer& timer) {
  if (timer.armed) {
    timer.armed = false;
    endpoint_.loop().cancel(timer.due, timer);
  }
}

// All calls have the same time-out, so the list is in order of deadline and one timer is enough.
void Import::deadline_passed(sim::Callback& callback) {
  auto& timer = static_cast<Timer&>(callback);
  Import& self = *timer.import;
  timer.armed = false;
  if (self.in_flight_.empty()) {
    return;
  }
  const sim::TimePoint first = self.in_flight_.front().deadline;
  if (first <= self.endpoint_.loop().now()) {
    self.connection_lost();
  } else {
    self.arm(timer, first);
  }
}

void Import::idle_passed(sim::Callback& callback) {
  auto& timer = static_cast<Timer&>(callback);
  Import& self = *timer.import;
  timer.armed = false;
  if (self.in_flight_count_ > 0 || self.state_ != State::full) {
    return;
  }
  const sim::TimePoint due = self.last_use_ + self.options_.idle_timeout;
  if (due > self.endpoint_.loop().now()) {
    self.arm(timer, due);
    return;
  }
  self.state_ = State::disconnected;
  auto goodbye = std::make_unique<Message>();
  goodbye->to = self.target_;
  goodbye->header.opcode = kDisconnect;
  goodbye->header.generation = self.generation_;
  goodbye->body = std::make_unique<DisconnectRequest>();
  self.endpoint_.send(std::move(goodbye));
}

}  // namespace transport
