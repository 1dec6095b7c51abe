// For tests and benchmarks: senders that keep a number of messages under way each.
#pragma once

#include <cstdint>
#include <deque>

#include "sim/loop.h"
#include "transport/fabric/fabric.h"

namespace transport {

// Nodes 0 to senders - 1 send to the `receivers` nodes behind them.
struct LoadParams {
  std::uint32_t senders = 64;
  std::uint32_t receivers = 16;
  std::uint32_t depth = 8;  // messages under way per sender
  sim::Bytes bytes = sim::kMiB;
};

// As soon as a message has arrived, its sender sends the next one, to a receiver drawn at random.
class FabricLoad {
 public:
  // Both must outlive the load. What is still under way is cancelled in the end.
  FabricLoad(sim::Loop& loop, Fabric& fabric, const LoadParams& params)
      : loop_(loop), fabric_(fabric), params_(params), rng_(loop.rng("load")) {
    for (std::uint32_t sender = 0; sender < params.senders; ++sender) {
      for (std::uint32_t i = 0; i < params.depth; ++i) {
        Slot& slot = slots_.emplace_back();
        slot.load = this;
        slot.from = sender;
        slot.bytes = params.bytes;
        slot.fire = [](sim::Callback& c) {
          Slot& self = static_cast<Slot&>(c);
          ++self.load->arrived_;
          self.load->send(self);
        };
        send(slot);
      }
    }
  }
  ~FabricLoad() {
    for (Slot& slot : slots_) {
      fabric_.cancel(slot);
    }
  }
  FabricLoad(const FabricLoad&) = delete;
  FabricLoad& operator=(const FabricLoad&) = delete;

  // Runs until `messages` more have arrived.
  void run(std::uint64_t messages) {
    const std::uint64_t until = arrived_ + messages;
    while (arrived_ < until) {
      loop_.step();
    }
  }
  std::uint64_t arrived() const { return arrived_; }

 private:
  struct Slot : Transfer {
    FabricLoad* load = nullptr;
  };

  void send(Slot& slot) {
    slot.to = params_.senders + static_cast<NodeId>(rng_.below(params_.receivers));
    fabric_.send(slot);
  }

  sim::Loop& loop_;
  Fabric& fabric_;
  LoadParams params_;
  sim::Rng rng_;
  std::deque<Slot> slots_;
  std::uint64_t arrived_ = 0;
};

}  // namespace transport
