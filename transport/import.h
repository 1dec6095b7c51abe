// A client's link to one target.
#pragma once

#include <concepts>
#include <functional>
#include <map>
#include <utility>

#include "transport/connect.h"
#include "transport/endpoint.h"
#include "transport/standings.h"

namespace transport {

struct ImportOptions {
  // Calls under way at a time (Lustre 2.17: osc.*.max_rpcs_in_flight 8).
  std::uint32_t rpcs_in_flight = 8;
  // How long an answer may take before the connection counts as broken (Lustre: obd_timeout 100 s).
  sim::Duration timeout = sim::seconds(100);
  // How often a call is sent again over a new connection before it is given up.
  std::uint32_t resends = 2;
  // Without calls for this long the link is closed, if nothing holds it (see Import::hold); zero:
  // never (Lustre 2.17: osc idle_timeout 20 s).
  sim::Duration idle_timeout = sim::seconds(20);
  // Without calls for this long the target is told that this client lives; zero: it is not (Lustre:
  // the pinger's interval, obd_timeout / 4 = 25 s).
  sim::Duration ping_interval;
  // What is asked of the target with each connection; what that is, is between it and the caller.
  std::uint64_t wanted = 0;
  // The target may know this client from before and recover: it is asked until it answers from the
  // first connection on. Else whether it recovers is known from then on.
  bool replayable = false;
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

  // Sends `request` and waits for what comes of it.
  sim::Task<RpcReply> call(std::unique_ptr<Body> request, CallOptions options) {
    return carry_out(Hold(*this, endpoint_.open(*this, std::move(options))), std::move(request));
  }
  template <std::derived_from<Body> Request>
  sim::Task<RpcReply> call(Request request, CallOptions options) {
    options.makes_connection = Request::kMakesConnection;
    return call(std::make_unique<Request>(std::move(request)), std::move(options));
  }

  // Makes the connection unless there is one. call() does so by itself. The connection is made by a
  // task of its own: one caller's going does not fail the others who wait for it.
  sim::Task<sim::Status> connect();

  // While the target keeps something for this client (locks, open files), the link stays.
  void hold() { ++holds_; }
  void unhold();
  // Why a target no longer keeps what it kept for this client.
  enum class Loss { evicted, restarted };
  // Called when a new connection shows that. After an eviction calls that were made before end as
  // evicted; a target that has started anew gets them again. From a target that recovers nothing is
  // lost to those who come back in time: see set_replay_hook.
  void set_loss_hook(std::function<void(Loss)> hook) { loss_hook_ = std::move(hook); }
  // Called with what the target gives, whenever it has been connected to, after the loss hook.
  void set_gift_hook(std::function<void(std::uint64_t)> hook) { gift_hook_ = std::move(hook); }
  // Brings back to a recovering target what else it knew of this client, by replay().
  void set_replay_hook(std::function<sim::Task<void>()> hook) { replay_hook_ = std::move(hook); }
  // Called for every call that was carried out and whose effect is lost: its target has started
  // anew and does not take it from this client any more. What a live target has carried out stays.
  // `superseded` is what the call was made with, or null.
  using Undone =
      std::function<void(Opcode, const Body&, const Payload& bulk, const Payload* superseded)>;
  void set_undone_hook(Undone hook) { undone_hook_ = std::move(hook); }
  // For the replay hook only: a request that goes through while the target recovers.
  sim::Task<RpcReply> replay(std::unique_ptr<Body> body, CallOptions options,
                             std::uint64_t transno = 0);
  std::uint64_t evictions() const { return epoch_; }
  const Standings& standings() const { return standings_; }
  // Connections made after one that was lost; not those after an idle link was closed.
  std::uint64_t reconnects() const { return reconnects_; }
  // Bulk of calls whose effect is not stable yet, kept here: the most at a time; and how much of it
  // was lost with evictions.
  sim::Bytes most_unstable() const { return most_unstable_; }
  sim::Bytes lost_unstable() const { return lost_unstable_; }

  // Something that was changed is not stable yet.
  bool any_unstable() const { return !unstable_.empty(); }
  // Calls `visit(Opcode, const Body&)` for each call that the target has carried out and may still
  // lose, in the order of their numbers. `visit` must not change what is under way.
  template <typename Visit>
  void for_each_unstable(Visit visit) const {
    for (const auto& [transno, call] : unstable_) {
      visit(call.opcode, std::as_const(*call.body));
    }
  }

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
    Hold(Import& import, PendingRpc& rpc) : import_(import), rpc_(&rpc) {}
    Hold(Hold&& o) noexcept : import_(o.import_), rpc_(std::exchange(o.rpc_, nullptr)) {}
    ~Hold() {
      if (rpc_ != nullptr) {
        import_.let_go(*rpc_);
      }
    }
    Hold& operator=(Hold&&) = delete;
    PendingRpc& operator*() { return *rpc_; }
    PendingRpc* operator->() { return rpc_; }

   private:
    Import& import_;
    PendingRpc* rpc_;
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

  // A call whose effect the target may still lose.
  struct Unstable {
    Opcode opcode = 0;
    std::unique_ptr<Body> body;
    Payload bulk;
    bool inline_bulk = false;
    std::shared_ptr<const Payload> superseded;
    std::uint64_t instance = 0;                   // of the server that has carried it out last
    void (*amend)(Body&, const Body*) = nullptr;  // the rest as in CallOptions
    bool lasting = false;
    std::uint64_t ends = 0;
  };
  using KeptCalls = std::map<std::uint64_t, Unstable>;  // by number of the change
  struct Timer : sim::Callback {
    Import* import = nullptr;
    sim::TimePoint due;
    bool armed = false;
  };

  void tell(std::vector<Wait>& waits) const override;
  sim::Task<RpcReply> carry_out(Hold rpc, std::unique_ptr<Body> request);
  sim::Task<void> connect_once();
  // The target no longer knows what the connection it had stood for, and does not recover it.
  bool forgets(const ConnectReply& reply) const;
  bool connected_as(const ConnectReply& reply);
  sim::Task<bool> recover();
  sim::Task<bool> replay_all(KeptCalls& calls);
  sim::Task<bool> tell_done(RecoveryStep step);
  sim::Duration timeout_of(const PendingRpc& rpc) const;
  sim::Duration ping_after() const;
  void keep(PendingRpc& rpc, const Message& answer);
  void stable(std::uint64_t transno, Unstable call);
  void committed(std::uint64_t transno);
  void lose_unstable();
  void lose(KeptCalls::node_type call);
  sim::Task<void> ping();
  void send(PendingRpc& rpc, std::unique_ptr<Body> body, bool resent);
  RpcReply give_up(PendingRpc& rpc, bool sent, sim::Errc why);
  void let_go(PendingRpc& rpc);
  void settle(PendingRpc& rpc);
  void say_goodbye();
  void watch_idle();
  void watch_silence();
  void arm(Timer& timer, sim::TimePoint due);
  void disarm(Timer& timer);
  static void deadline_passed(sim::Callback& callback);
  static void idle_passed(sim::Callback& callback);
  static void ping_due(sim::Callback& callback);

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
  Timer ping_timer_;
  std::size_t holds_ = 0;
  std::uint64_t epoch_ = 0;  // evictions so far
  Standings standings_;
  std::uint64_t reconnects_ = 0;
  std::uint64_t upheavals_ = 0;  // times that the target forgot what it kept for this client
  std::uint64_t instance_ = 0;   // of the server
  std::function<void(Loss)> loss_hook_;
  std::function<void(std::uint64_t)> gift_hook_;
  std::function<sim::Task<void>()> replay_hook_;
  Undone undone_hook_;
  bool replayable_;
  bool refused_ = false;  // the target does not know the connection that is being made
  std::uint32_t connect_attempts_ = 0;
  KeptCalls unstable_;
  KeptCalls lasting_;  // stable, and before all that are not
  sim::Bytes unstable_bytes_ = 0;
  sim::Bytes most_unstable_ = 0;
  sim::Bytes lost_unstable_ = 0;
  sim::TaskGroup connecting_;
  sim::TaskGroup pinging_;
};

}  // namespace transport
