// What an import does when time passes: deadlines, idle links, pings.
#include "transport/import.h"

namespace transport {

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

// All calls but those that make a connection, which are alone, have the same time-out: the list is
// in order of deadline and one timer is enough.
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
  if (self.in_flight_count_ > 0 || self.holds_ > 0 || !self.unstable_.empty() ||
      self.state_ != State::full) {
    return;
  }
  const sim::TimePoint due = self.last_use_ + self.options_.idle_timeout;
  if (due > self.endpoint_.loop().now()) {
    self.arm(timer, due);
    return;
  }
  self.state_ = State::disconnected;
  self.say_goodbye();
  self.disarm(self.ping_timer_);
}

void Import::say_goodbye() {
  auto goodbye = std::make_unique<Message>();
  goodbye->to = target_;
  goodbye->header.opcode = kDisconnect;
  goodbye->header.generation = generation_;
  goodbye->body = std::make_unique<DisconnectRequest>();
  endpoint_.send(std::move(goodbye));
  generation_ = 0;
  standings_.given_up(endpoint_.loop().now());
}

// As long as there is a connection, or one was lost that the target may remember.
void Import::ping_due(sim::Callback& callback) {
  auto& timer = static_cast<Timer&>(callback);
  Import& self = *timer.import;
  timer.armed = false;
  if (self.generation_ == 0 || self.in_flight_count_ > 0) {
    return;
  }
  if (self.last_use_ + self.ping_after() > self.endpoint_.loop().now()) {
    self.watch_silence();
    return;
  }
  self.pinging_.spawn(self.ping(), self.name_, sim::TaskKind::daemon);
}

sim::Task<void> Import::ping() {
  CallOptions options;
  options.opcode = kPing;
  static_cast<void>(co_await call(PingRequest{}, std::move(options)));
}

}  // namespace transport
