// A network for tests: every message arrives whole after the same delay, unless the test loses it.
#pragma once

#include <functional>
#include <map>
#include <utility>

#include "sim/intrusive_list.h"
#include "sim/loop.h"
#include "transport/network.h"

namespace transport::testing {

class LoopbackNetwork final : public Network {
 public:
  explicit LoopbackNetwork(sim::Loop& loop, sim::Duration delay = sim::Duration())
      : loop_(loop), delay_(delay) {}

  // Messages for which `filter` says false are lost when they are sent; it sees every message.
  using Filter = std::function<bool(const Message&)>;
  void set_filter(Filter filter) { filter_ = std::move(filter); }
  // From now on messages take `delay`.
  void set_delay(sim::Duration delay) { delay_ = delay; }
  // Messages sent so far of this kind and opcode, lost ones included.
  std::uint64_t sent(MessageKind kind, Opcode opcode) const;
  std::uint64_t delivered() const { return delivered_; }
  // Tells both nodes that the connection between them is gone. What is under way still arrives.
  void disconnect(NodeId a, NodeId b);

  void attach(Address address, Receiver& receiver) override { receivers_[address] = &receiver; }
  void detach(Address address) override { receivers_.erase(address); }
  void send(MessagePtr message) override;

 private:
  struct Delivery : sim::Callback, sim::ListNode, sim::Pooled {
    LoopbackNetwork* network = nullptr;
    MessagePtr message;
    sim::TimePoint due;
  };
  // Owns the deliveries under way.
  struct UnderWay {
    explicit UnderWay(sim::Loop& l) : loop(l) {}
    ~UnderWay();
    sim::Loop& loop;
    sim::IntrusiveList<Delivery> list;
  };
  static void deliver(sim::Callback& callback);

  sim::Loop& loop_;
  sim::Duration delay_;
  Filter filter_;
  std::map<Address, Receiver*> receivers_;
  std::map<std::pair<MessageKind, Opcode>, std::uint64_t> sent_;
  std::uint64_t delivered_ = 0;
  UnderWay under_way_{loop_};
};

}  // namespace transport::testing
