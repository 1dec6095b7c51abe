// A server target's address: connections, requests to services, bulk transfers.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <map>
#include <memory>
#include <vector>

#include "transport/connect.h"
#include "transport/network.h"
#include "transport/service.h"

namespace transport {

// What a target says of an opcode: which of its services carries it out, and its key for NRS.
class Router {
 public:
  virtual ~Router() = default;
  // Null: the opcode is not served here, and is refused.
  virtual Service* route(const Message& request, NrsKey& key) = 0;
  // The network lost the connection to a node: what its clients held here is theirs no longer.
  virtual void disconnected(NodeId /*peer*/) {}
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
  void on_request(MessagePtr message);
  void on_bulk(MessagePtr message);
  void on_connect(const Message& request);
  void answer(const Message& request, sim::Errc status, std::unique_ptr<Body> body);
  bool answer_again(const Message& request, const Export& client);
  bool first_copy_answers(const Message& request, Export& client);
  void give_up(BulkWait& wait);
  void arm(sim::TimePoint due);
  static void bulk_overdue(sim::Callback& callback);
  static void keep(Export& client, const Header& request, const Reply& reply);

  sim::Loop& loop_;
  Network& network_;
  Address address_;
  Router& router_;
  std::map<Address, std::unique_ptr<Export>> exports_;
  std::uint32_t generations_ = 0;
  std::uint64_t refused_ = 0;
  boost::unordered_flat_map<BulkKey, BulkWait*> bulk_waits_;
  sim::IntrusiveList<BulkWait> by_deadline_;  // the same waits
  Timer bulk_timer_;
};

}  // namespace transport
