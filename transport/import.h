// A client's link to one target.
#pragma once

#include "transport/connect.h"
#include "transport/endpoint.h"

namespace transport {

struct ImportOptions {
  // Calls under way at a time (Lustre 2.17: osc.*.max_rpcs_in_flight 8).
  std::uint32_t rpcs_in_flight = 8;
  // How long an answer may take before the connection counts as broken (Lustre: obd_timeout 100 s).
  sim::Duration timeout = sim::seconds(100);
  // How often a call is sent again over a new connection before it is given up.
  std::uint32_t resends = 2;
  // Without calls for this long the link is closed; zero: never (Lustre 2.17: osc idle_timeout 20
  // s).
  sim::Duration idle_timeout = sim::seconds(20);
};

// Connects on the first call, keeps the deadlines of all calls with one timer, reconnects and sends
// again after a time-out or a lost connection, and closes the link when idle. An endpoint has one
// import for a target: the target knows a call by its slot.
class Import final : sim::WaitPlace {
 public:
  // `name` names the target in messages ("OST0003"). `endpoint` must outlive the import, which must
  // outlive its callers.
  Import(Endpoint& endpoint, Address target, std::string name, ImportOptions options);
  ~Import();
  Import(const Import&) = delete;
  Import& operator=(const Import&) = delete;

  Address target() const { return target_; }
  const std::string& name() const { return name_; }
  bool connected() const { return state_ == State::full; }
  std::size_t in_flight() const { return in_flight_count_; }

  // A slot for one call; co_await it, then put the Permit into the call's options.
  sim::Semaphore& slots() { return slots_; }

  // Sends `request` (a Body that can be copied) and waits for what comes of it.
  template <typename Request>
  sim::Task<RpcReply> call(Request request, CallOptions options) {
    Hold hold(*this, endpoint_.open(*this, std::move(options)));
    for (std::uint32_t attempt = 0;; ++attempt) {
      if (!connected() && !Request::kMakesConnection) {
        const sim::Status status = co_await connect();
        if (!status.ok() || hold->answered) {
          co_return give_up(*hold, attempt > 0, status.code());
        }
      }
      send(*hold, std::make_unique<Request>(request), attempt > 0);
      co_await Answer(*this, *hold);
      if (hold->answered || attempt == options_.resends || Request::kMakesConnection) {
        co_return give_up(*hold, true, sim::Errc::timed_out);
      }
    }
  }

  // Makes the connection unless there is one. call() does so by itself. The connection is made by a
  // task of its own: one caller's going does not fail the others who wait for it.
  sim::Task<sim::Status> connect();

  // For Endpoint.
  std::uint16_t take_slot();
  void give_slot(std::uint16_t slot) { free_slots_.push_back(slot); }
  void answer(PendingRpc& rpc, MessagePtr message);
  void connection_lost();

 private:
  enum class State { disconnected, connecting, full };

  // The caller's hold on its call: leaving early leaves the call to itself.
  class Hold {
   public:
    Hold(Import& import, PendingRpc& rpc) : import_(import), rpc_(rpc) {}
    ~Hold() { import_.let_go(rpc_); }
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;
    PendingRpc& operator*() { return rpc_; }
    PendingRpc* operator->() { return &rpc_; }

   private:
    Import& import_;
    PendingRpc& rpc_;
  };

  // Waits for the answer, the deadline or the loss of the connection.
  class Answer : public sim::QueuedWaiter {
   public:
    Answer(Import& import, PendingRpc& rpc) : QueuedWaiter(import.endpoint_.loop()), rpc_(rpc) {}
    ~Answer() { rpc_.waiter = nullptr; }
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> h) {
      suspend(h);
      rpc_.waiter = this;
    }
    void await_resume() { resumed(); }

   private:
    PendingRpc& rpc_;
  };

  struct Timer : sim::Callback {
    Import* import = nullptr;
    sim::TimePoint due;
    bool armed = false;
  };

  void tell(std::vector<Wait>& waits) const override;
  sim::Task<void> connect_once();
  void send(PendingRpc& rpc, std::unique_ptr<Body> body, bool resent);
  RpcReply give_up(PendingRpc& rpc, bool sent, sim::Errc why);
  void let_go(PendingRpc& rpc);
  void settle(PendingRpc& rpc);
  void arm(Timer& timer, sim::TimePoint due);
  void disarm(Timer& timer);
  static void deadline_passed(sim::Callback& callback);
  static void idle_passed(sim::Callback& callback);

  Endpoint& endpoint_;
  Address target_;
  std::string name_;
  ImportOptions options_;
  State state_ = State::disconnected;
  std::uint32_t generation_ = 0;
  sim::Semaphore slots_;
  std::vector<std::uint16_t> free_slots_;
  std::uint32_t slots_made_ = 0;
  sim::Event connect_done_;
  sim::Status connect_result_;
  sim::IntrusiveList<PendingRpc> in_flight_;  // in order of deadline
  std::size_t in_flight_count_ = 0;
  sim::TimePoint last_use_;
  Timer deadline_timer_;
  Timer idle_timer_;
  sim::TaskGroup connecting_;
};

}  // namespace transport
