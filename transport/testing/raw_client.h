// A client of a PingWorld's target whose messages a test makes one by one.
#pragma once

#include <gtest/gtest.h>

#include "transport/testing/ping_world.h"

namespace transport::testing {

// Receives what comes for an address that belongs to no import.
struct Listener final : Receiver {
  void receive(MessagePtr message) override { messages.push_back(std::move(message)); }
  void disconnected(NodeId) override {}
  std::vector<MessagePtr> messages;
};

class RawClient : public ::testing::Test {
 protected:
  RawClient() {
    world_.start_target(1);
    world_.network.attach(kAddress, listener_);
  }
  void send(MessageKind kind, Opcode opcode, std::uint64_t xid, std::uint32_t generation,
            std::unique_ptr<Body> body, bool resent = false, std::uint16_t slot = 0) {
    auto message = std::make_unique<Message>();
    message->from = kAddress;
    message->to = kServerAddress;
    message->header.kind = kind;
    message->header.opcode = opcode;
    message->header.xid = xid;
    message->header.generation = generation;
    message->header.resent = resent;
    message->header.slot = slot;
    message->body = std::move(body);
    world_.network.send(std::move(message));
    world_.run_for(sim::seconds(1));
  }
  // `before`: the connection this client had.
  std::uint32_t connect(std::uint32_t before = 0) {
    ConnectRequest request;
    request.generation = before;
    send(MessageKind::request, kConnect, 1, 0, request.clone());
    return told().generation;
  }
  const ConnectReply& told() const {
    return static_cast<const ConnectReply&>(*listener_.messages.back()->body);
  }
  std::size_t keep(std::uint64_t xid, std::uint16_t slot, bool resent);
  static constexpr Address kAddress{2, 2};
  std::uint32_t generation_ = 0;
  PingWorld world_;
  Listener listener_;
};

// Sends a request whose reply is kept, and returns how many were carried out so far.
inline std::size_t RawClient::keep(std::uint64_t xid, std::uint16_t slot, bool resent) {
  PingRequest request;
  request.keep = true;
  send(MessageKind::request, kPing, xid, generation_, request.clone(), resent, slot);
  return world_.target->started.size();
}

}  // namespace transport::testing
