#include "transport/service.h"

#include "transport/server.h"

namespace transport {

Service::Service(sim::Loop& loop, std::string name, std::uint32_t threads,
                 std::unique_ptr<NrsPolicy> policy, Handler& handler)
    : loop_(loop),
      handler_(handler),
      policy_(std::move(policy)),
      urgent_(make_fifo()),
      threads_(threads) {
  sim::check(threads >= 1, "a service needs at least one thread");
  root_.name = std::move(name);
  root_.daemon = true;
  loop_.add(root_);
  for (Thread& thread : threads_) {
    thread.service = this;
    thread.done = &Service::finished;
    idle_.push_back(&thread);
  }
  dispatch_.fire = &Service::dispatch;
  dispatch_.service = this;
}

Service::~Service() {
  if (dispatch_.posted) {
    loop_.cancel(dispatch_.posted_at, dispatch_);
  }
  threads_.clear();
  loop_.remove(root_);
}

sim::Duration Service::held() const {
  sim::Duration held = held_;
  for (const Thread& thread : threads_) {
    if (thread.request) {
      held += loop_.now() - thread.began;
    }
  }
  return held;
}

void Service::submit(std::unique_ptr<Request> request) {
  request->arrived = loop_.now();
  if (idle_.empty() || waiting() > 0) {
    (request->key.urgent ? urgent_ : policy_)->push(std::move(request));
    return;
  }
  Thread* thread = idle_.back();
  idle_.pop_back();
  run(*thread, std::move(request));
}

std::unique_ptr<Request> Service::next() {
  const bool urgent =
      urgent_->size() > 0 && (policy_->size() == 0 || urgent_in_a_row_ < kUrgentRatio);
  urgent_in_a_row_ = urgent ? urgent_in_a_row_ + 1 : 0;
  return (urgent ? urgent_ : policy_)->pop();
}

void Service::run(Thread& thread, std::unique_ptr<Request> request) {
  thread.began = loop_.now();
  thread.request = std::move(request);
  const sim::Duration waited = thread.began - thread.request->arrived;
  thread.request->times.queue = waited + thread.request->delayed;
  waited_ += waited;
  thread.task = handler_.handle(*thread.request);
  sim::Root* const caller = loop_.current();
  loop_.resumed(&root_);
  thread.task.start(thread);
  loop_.set_current(caller);
}

void Service::finished(sim::Completion& completion) {
  auto& thread = static_cast<Thread&>(completion);
  Service& self = *thread.service;
  self.held_ += self.loop_.now() - thread.began;
  thread.request->server->reply(*thread.request, thread.task.take());
  thread.request.reset();
  self.idle_.push_back(&thread);
  // The next request starts from the loop: the finished frame is still on the stack, and a chain of
  // requests that never wait must not nest.
  if (self.waiting() > 0 && !self.dispatch_.posted) {
    self.dispatch_.posted = true;
    self.dispatch_.posted_at = self.loop_.now();
    self.loop_.post(self.dispatch_);
  }
}

void Service::dispatch(sim::Callback& callback) {
  auto& event = static_cast<Dispatch&>(callback);
  Service& self = *event.service;
  event.posted = false;
  while (!self.idle_.empty() && self.waiting() > 0) {
    std::unique_ptr<Request> request = self.next();
    if (request->orphaned) {
      continue;  // it leaves its client's list by itself
    }
    Thread* thread = self.idle_.back();
    self.idle_.pop_back();
    self.run(*thread, std::move(request));
  }
}

}  // namespace transport
