// A server target's address: connections, requests to services, bulk transfers.
#pragma once

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "transport/client_calls.h"
#include "transport/connect.h"
#include "transport/network.h"
#include "transport/recovery.h"
#include "transport/service.h"
#include "transport/standings.h"

namespace transport {

// What a target says of an opcode: which of its services carries it out, and its key for NRS.
class Router {
 public:
  virtual ~Router() = default;
  // Null: the opcode is not served here, and is refused.
  virtual Service* route(const Message& request, NrsKey& key) = 0;
  // A request is about to be queued at `service`. A target that has to wait for something first
  // takes it, and submits it later; then null is given back.
  virtual std::unique_ptr<Request> hold_back(std::unique_ptr<Request> request,
                                             Service& /*service*/) {
    return request;
  }
  // A client has connected, and would like `wanted` of what this target gives to its clients.
  // Returns what the client has now.
  virtual std::uint64_t client_came(Address /*client*/, std::uint64_t /*wanted*/) { return 0; }
  // The client was evicted, disconnected, or has started anew: what it held here is its no longer.
  virtual void client_gone(Address /*client*/) {}
  // Whether a replayed request is to be carried out though its change is stable: what else it makes
  // is in memory only.
  virtual bool is_lasting(const Message& /*replay*/) const { return false; }
  // A request whose change had become stable before a restart has come again, and is answered as it
  // was then: what the answer gives has to be there, or must not be given.
  virtual void reconstruct(const Message& /*request*/, Body& /*answer*/) {}
  // All that clients bring back after a restart is here. New requests come next.
  virtual void recovered() {}
};

// One per target (an MDT, an OST). Messages that belong to nothing are dropped; a request over a
// connection this server does not know is answered bad_handle, so that the client connects anew.
// A request that is sent again while its first copy is here is not carried out twice: the first
// copy answers, unless it waits for bulk that may be lost; then the new copy takes its place.
class Server final : public Receiver, sim::WaitPlace {
 public:
  // `router` must outlive the server's use.
  Server(sim::Loop& loop, Network& network, Address address, Router& router);
  ~Server() override;
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  sim::Loop& loop() { return loop_; }
  Address address() const { return address_; }
  std::size_t exports() const { return exports_.size(); }
  // Refused messages so far: unknown opcode, no connection, no such request.
  std::uint64_t refused() const { return refused_; }

  void receive(MessagePtr message) override;
  void disconnected(NodeId peer) override;

  // Clients that say nothing for `silence` are evicted from now on (Lustre up to 2.16:
  // PING_EVICT_TIMEOUT, 6 times the ping interval of 25 s); zero, the default: they are not.
  void evict_silent(sim::Duration silence);
  // Drops a client: its requests come to nothing, and it has to connect anew.
  void evict(Address client);
  std::uint64_t evictions() const { return evicted_.size(); }
  const std::vector<Eviction>& evicted() const { return evicted_; }  // in order of time

  // From now on changes are numbered, from the one after `last` on, and clients keep them until
  // they are told that they are stable, as those up to `committed` are; `changed` is called for
  // each.
  void number_changes(std::uint64_t last, std::uint64_t committed, std::function<void()> changed);
  std::uint64_t last_change() const { return last_change_; }
  // The last that this server itself has carried out: while it recovers, changes up to
  // last_change() may still have to be brought back.
  std::uint64_t last_carried_out() const { return recovery_ ? replayed_ : last_change_; }
  bool recovering() const { return recovery_ != nullptr; }
  // Kept replies to requests whose changes are stable, by client: the next server at this address
  // answers with them if those requests come again. This one has them no more.
  using KeptReplies = std::map<Address, std::vector<Export::Kept>>;
  KeptReplies take_stable_replies();
  void keep_replies(KeptReplies replies);
  // Changes up to this number are stable.
  void committed(std::uint64_t transno) { committed_ = std::max(committed_, transno); }
  std::uint64_t last_committed() const { return committed_; }
  // Clients that are connected, or that a recovery still waits for, in order of their addresses.
  std::vector<Address> clients() const;
  // The server was restarted, and knew these clients: for so long at most they may bring back what
  // was not stable. Others wait.
  void recover(std::vector<Address> clients, sim::Duration window);
  // Of the last recovery; nothing if there was none.
  std::optional<RecoveryCounts> recovered() const { return recovered_; }
  // For Request: so much bulk of it has come.
  void pulled(const Request& request, sim::Bytes bytes) {
    if (recovery_ && request.header().replay) {
      recovery_->pulled(bytes);
    }
  }
  // What is known of a client that is connected; else null.
  const Export* connected(Address client) const;
  // Sends a request to a client; see ClientCalls::call.
  sim::Task<MessagePtr> call_back(Address client, Opcode opcode, std::unique_ptr<Body> body,
                                  sim::Duration patience) {
    return client_calls_.call(client, opcode, std::move(body), patience);
  }

  // For Service and Request.
  void reply(Request& request, Reply reply);

  // A client that keeps a thread waiting for longer has gone (Lustre 2.17: bulk_timeout 100 s).
  static constexpr sim::Duration kBulkTimeout = sim::seconds(100);
  using BulkKey = std::pair<std::uint64_t, std::uint64_t>;  // client address, xid

  // Waits for the client's bulk_put or bulk_ack of one request, at most kBulkTimeout.
  class BulkWait : public sim::QueuedWaiter {
   public:
    BulkWait(Server& server, Request& request, MessageKind expected);
    ~BulkWait();
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> h);
    // Null if the client went away or sent the request again; nobody hears its reply then.
    MessagePtr await_resume() {
      resumed();
      return std::move(message_);
    }

   private:
    friend class Server;
    Server& server_;
    Request& request_;
    BulkKey key_;
    MessageKind expected_;
    sim::TimePoint deadline_;
    MessagePtr message_;
  };
  void send_to_client(const Request& request, MessageKind kind, Payload bulk);

 private:
  struct Timer : sim::Callback {
    Server* server = nullptr;
    sim::TimePoint due;
    bool armed = false;
  };
  static BulkKey bulk_key(Address client, std::uint64_t xid) {
    return {(std::uint64_t{client.node} << 32) | client.port, xid};
  }
  void tell(std::vector<Wait>& waits) const override;
  void end_export(Export& client);
  void give_up_bulk(const Export& client);
  void watch_silence();
  static void silence_over(sim::Callback& callback);
  void on_request(MessagePtr message);
  void on_bulk(MessagePtr message);
  void on_connect(MessagePtr message);
  void connect(const Message& request);
  void on_ping(MessagePtr message);
  void carry_out(MessagePtr message, Export& client);
  bool wait_for_recovery(MessagePtr& message);
  static void recovery_over(sim::Callback& callback);
  std::uint64_t number(const Request& request, const Reply& reply);
  void send_reply(const Request& request, Reply reply, std::uint64_t change);
  void answer(const Message& request, sim::Errc status, std::unique_ptr<Body> body,
              std::uint64_t change = 0);
  bool answer_again(const Message& request, const Export& client);
  bool first_copy_answers(const Message& request, Export& client);
  void give_up(BulkWait& wait);
  void arm(sim::TimePoint due);
  static void bulk_overdue(sim::Callback& callback);
  static void keep(Export& client, const Header& request, const Reply& reply, std::uint64_t change);

  sim::Loop& loop_;
  Network& network_;
  Address address_;
  Router& router_;
  std::map<Address, std::unique_ptr<Export>> exports_;
  const std::uint64_t instance_;
  // Not those of an earlier instance.
  std::uint32_t generations_;
  std::function<void()> changed_;  // empty: changes are not numbered
  std::uint64_t last_change_ = 0;
  std::uint64_t committed_ = 0;
  std::uint64_t replayed_ = 0;          // the last change that was brought back
  std::unique_ptr<Recovery> recovery_;  // while it lasts
  struct RecoveryEnd : sim::Callback {
    Server* server = nullptr;
    sim::TimePoint posted_at;
    bool posted = false;
    std::vector<MessagePtr> waiting;  // that had to
  };
  RecoveryEnd recovery_end_;
  std::optional<RecoveryCounts> recovered_;
  std::uint64_t refused_ = 0;
  boost::unordered_flat_map<BulkKey, BulkWait*> bulk_waits_;
  sim::IntrusiveList<BulkWait> by_deadline_;  // the same waits
  Timer bulk_timer_;
  ClientCalls client_calls_;
  sim::Duration longest_silence_;
  Timer silence_timer_;
  std::vector<Eviction> evicted_;
};

}  // namespace transport
