// For tests: a loop, a fabric of either model, and messages to send at given times.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "sim/loop.h"
#include "sim/rng.h"
#include "transport/fabric/make_fabric.h"
#include "transport/fabric/quanta.h"

namespace transport {

struct Sending {
  sim::TimePoint at;
  NodeId from = 0;
  NodeId to = 0;
  sim::Bytes bytes = 0;
};

// How long a port needs for all quanta of a message.
inline sim::Duration service(sim::Rate rate, sim::Bytes bytes) {
  const Quanta quanta = quanta_of(bytes);
  return rate.time_for(kQuantum) * (quanta.count - 1) + rate.time_for(quanta.last);
}

// Random traffic among a few nodes, sent faster than they can take it.
inline std::vector<Sending> crowd(std::uint64_t seed, std::size_t messages) {
  sim::Rng rng(seed);
  std::vector<Sending> plan;
  std::int64_t at = 0;
  while (plan.size() < messages) {
    const auto from = static_cast<NodeId>(rng.below(6));
    const auto to = static_cast<NodeId>(rng.below(6));
    at += static_cast<std::int64_t>(rng.below(5000));
    if (from != to) {
      plan.push_back({sim::TimePoint(at), from, to, 1 + rng.below(2 * sim::kMiB)});
    }
  }
  return plan;
}

// Keeps every transfer it sent, in the order of sending, with the time at which it fired.
class FabricWorld {
 public:
  FabricWorld(FabricModel model, const Topology& topology)
      : fabric_(make_fabric(model, loop_, topology)) {}

  struct Sent : Transfer {
    FabricWorld* world = nullptr;
    sim::TimePoint sent;
    sim::TimePoint arrived;
    bool done = false;
  };

  // Sends now.
  Sent& send(NodeId from, NodeId to, sim::Bytes bytes) {
    Sent& s = sent_.emplace_back();
    s.world = this;
    s.sent = loop_.now();
    s.from = from;
    s.to = to;
    s.bytes = bytes;
    s.fire = [](sim::Callback& c) {
      Sent& self = static_cast<Sent&>(c);
      self.arrived = self.world->loop_.now();
      self.done = true;
    };
    fabric_->send(s);
    return s;
  }

  // Sends all at their times, equal ones in the order given, and runs until nothing is left.
  void run(const std::vector<Sending>& plan) {
    for (const Sending& sending : plan) {
      Planned& p = planned_.emplace_back();
      p.world = this;
      p.sending = sending;
      p.fire = [](sim::Callback& c) {
        const Planned& self = static_cast<Planned&>(c);
        self.world->send(self.sending.from, self.sending.to, self.sending.bytes);
      };
      loop_.at(sending.at, p);
    }
    run();
  }
  void run() {
    while (loop_.step()) {
    }
  }

  // Runs all that is due up to `limit`, and moves the time there.
  void run_until(sim::TimePoint limit) {
    while (loop_.step(limit)) {
    }
    loop_.advance_to(limit);
  }

  sim::Loop& loop() { return loop_; }
  Fabric& fabric() { return *fabric_; }
  const std::deque<Sent>& sent() const { return sent_; }

 private:
  struct Planned : sim::Callback {
    FabricWorld* world = nullptr;
    Sending sending;
  };

  sim::Loop loop_{1};
  std::deque<Sent> sent_;
  std::deque<Planned> planned_;
  std::unique_ptr<Fabric> fabric_;
};

}  // namespace transport
