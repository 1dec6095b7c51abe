// For tests of the modelled network: two nodes, receivers that remember, and messages to send.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <utility>
#include <vector>

#include "transport/fabric/make_fabric.h"
#include "transport/sim_network.h"

namespace transport {

inline constexpr sim::Rate kRate{1'000'000'000};  // a byte per nanosecond
inline constexpr sim::Duration kLatency = sim::nanoseconds(5000);

struct Delivery {
  std::uint64_t xid = 0;
  MessageKind kind = MessageKind::request;
  Address from;
  sim::TimePoint at;
  sim::Transit transit;
};

class Inbox final : public Receiver {
 public:
  explicit Inbox(sim::Loop& loop) : loop_(loop) {}
  void receive(MessagePtr message) override {
    const Header& header = message->header;
    deliveries.push_back({header.xid, header.kind, message->from, loop_.now(), message->transit});
  }
  void disconnected(NodeId) override { FAIL() << "a modelled network loses no connection"; }

  std::vector<std::uint64_t> xids() const {
    std::vector<std::uint64_t> all;
    for (const Delivery& d : deliveries) {
      all.push_back(d.xid);
    }
    return all;
  }
  std::vector<Delivery> deliveries;

 private:
  sim::Loop& loop_;
};

inline constexpr Address kA{0, 7};
inline constexpr Address kB{1, 7};
inline constexpr Address kSecondOfB{1, 3};
inline constexpr Address kSecondOfA{0, 9};

// Nodes 0 and 1 at a byte per nanosecond; A, with a second address, on the one and B on the other.
class SimNetworkTest : public testing::Test {
 protected:
  SimNetworkTest() {
    network->attach(kA, a);
    network->attach(kSecondOfA, second_of_a);
    network->attach(kB, b);
    network->attach(kSecondOfB, second_of_b);
  }

  // `size` bytes on the wire, numbered from 1 in the order of sending.
  void send(Address from, Address to, sim::Bytes size, MessageKind kind = MessageKind::request) {
    auto message = std::make_unique<Message>();
    message->from = from;
    message->to = to;
    message->header.kind = kind;
    message->header.opcode = 4;
    message->header.xid = ++sent;
    const sim::Bytes overhead = message->wire_size();
    message->bulk = Payload::unknown(size > overhead ? size - overhead : 0);
    network->send(std::move(message));
  }
  void bulk(Address from, Address to, sim::Bytes size) {
    send(from, to, size, MessageKind::bulk_put);
  }
  void run() {
    while (loop.step()) {
    }
  }
  void run_until(sim::TimePoint limit) {
    while (loop.step(limit)) {
    }
  }

  sim::Loop loop{1};
  Topology topology{{.nic_rate = kRate, .latency = kLatency}};
  std::unique_ptr<Fabric> fabric = make_fabric(FabricModel::fast, loop, topology);
  std::unique_ptr<SimNetwork> network = std::make_unique<SimNetwork>(loop, *fabric);
  Inbox a{loop};
  Inbox second_of_a{loop};
  Inbox b{loop};
  Inbox second_of_b{loop};
  std::uint64_t sent = 0;
};

}  // namespace transport
