// A client's address on the network and the table of its calls under way.
#pragma once

#include <memory>
#include <vector>

#include "transport/network.h"
#include "transport/rpc.h"

namespace transport {

// Serves requests that servers send to a client (callbacks).
class CallbackHandler {
 public:
  virtual ~CallbackHandler() = default;
  virtual void callback(MessagePtr request) = 0;
};

// One per mount. Finds the call that a message belongs to in O(1); messages that belong to none
// (late, duplicate, forged) are dropped.
class Endpoint final : public Receiver {
 public:
  Endpoint(sim::Loop& loop, Network& network, Address address);
  ~Endpoint() override;
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;

  sim::Loop& loop() { return loop_; }
  Address address() const { return address_; }
  // Where callbacks go; none by default, and they are dropped. Must outlive the endpoint's use.
  void set_callback_handler(CallbackHandler* handler) { callback_handler_ = handler; }
  std::size_t calls_under_way() const { return live_; }

  // For Import: a new entry with a fresh xid; freed by release().
  PendingRpc& open(Import& import, CallOptions options);
  void release(PendingRpc& rpc);
  void send(MessagePtr message);
  // Answers a callback.
  void answer(const Message& request, sim::Errc status, std::unique_ptr<Body> body);
  void add(Import& import);
  void remove(Import& import);

  void receive(MessagePtr message) override;
  void disconnected(NodeId peer) override;

 private:
  PendingRpc* find(std::uint64_t xid);
  void send_bulk(const PendingRpc& rpc, const Message& wanted);

  sim::Loop& loop_;
  Network& network_;
  Address address_;
  CallbackHandler* callback_handler_ = nullptr;
  std::vector<std::unique_ptr<PendingRpc>> slots_;
  std::vector<std::uint32_t> free_slots_;
  // Goes on, like the time, where an endpoint at this address that has gone left off: late answers
  // to that one's calls are none of this one's.
  std::uint64_t calls_;
  std::size_t live_ = 0;
  std::vector<Import*> imports_;
};

}  // namespace transport
