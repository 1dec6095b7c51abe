// A request queue and the threads that serve it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "transport/nrs/policy.h"

namespace transport {

// A request holds its thread from the moment it gets one until its reply is sent, bulk transfers
// included. Requests beyond the threads wait in the policy's order; urgent ones in order of
// arrival, and up to kUrgentRatio of them go before each that is not. One whose client is gone
// comes to nothing.
class Service {
 public:
  // `handler` must outlive the service, and so must the servers of its requests, which it answers
  // through. `threads` >= 1.
  Service(sim::Loop& loop, std::string name, std::uint32_t threads,
          std::unique_ptr<NrsPolicy> policy, Handler& handler);
  ~Service();

  void submit(std::unique_ptr<Request> request);

  std::string_view name() const { return root_.name; }
  std::size_t waiting() const { return policy_->size() + urgent_->size(); }
  std::size_t threads() const { return threads_.size(); }
  std::size_t busy_threads() const { return threads_.size() - idle_.size(); }
  // Lustre 2.17: 10 requests of high priority for each regular one.
  static constexpr std::uint32_t kUrgentRatio = 10;

  // Time spent by threads holding a request up to now, summed.
  sim::Duration held() const;
  // Time spent by requests waiting for a thread, summed, of requests that got one.
  sim::Duration waited() const { return waited_; }

 private:
  struct Thread : sim::Completion {
    Service* service = nullptr;
    std::unique_ptr<Request> request;
    sim::Task<Reply> task;  // uses the request, so it goes first
    sim::TimePoint began;
  };
  struct Dispatch : sim::Callback {
    Service* service = nullptr;
    sim::TimePoint posted_at;
    bool posted = false;
  };

  std::unique_ptr<Request> next();
  void run(Thread& thread, std::unique_ptr<Request> request);
  static void finished(sim::Completion& completion);
  static void dispatch(sim::Callback& callback);

  sim::Loop& loop_;
  Handler& handler_;
  std::unique_ptr<NrsPolicy> policy_;
  std::unique_ptr<NrsPolicy> urgent_;
  std::uint32_t urgent_in_a_row_ = 0;
  sim::Root root_;
  std::vector<Thread> threads_;
  std::vector<Thread*> idle_;
  Dispatch dispatch_;
  sim::Duration held_;
  sim::Duration waited_;
};

}  // namespace transport
