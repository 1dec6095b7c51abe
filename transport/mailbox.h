// The receiving end of a network: which addresses are attached, and what waits for the loop.
#pragma once

#include <map>
#include <variant>
#include <vector>

#include "sim/loop.h"
#include "transport/network.h"
#include "transport/traffic.h"

namespace transport {

// Hands messages and reports of lost connections to receivers from the loop, in the order in which
// they were put in, however and whenever they came.
class Mailbox : sim::Callback {
 public:
  explicit Mailbox(sim::Loop& loop);
  ~Mailbox();
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  // As Network::attach and detach.
  void attach(Address address, Receiver& receiver);
  void detach(Address address);
  bool attached(Address address) const { return receivers_.contains(address); }

  // The receiver at message->to gets it from an event at the loop's present time; if nobody is
  // attached there by then, it is dropped.
  void deliver(MessagePtr message);
  // Every receiver on `local` will hear that `peer` is gone. Reports that follow each other are
  // one.
  void report_lost(NodeId local, NodeId peer);

  // Messages dropped because nobody was attached.
  std::uint64_t dropped() const { return dropped_; }
  // Messages handed to a receiver.
  const TrafficCounts& traffic() const { return traffic_; }

 private:
  struct Lost {
    NodeId local;
    NodeId peer;
    bool operator==(const Lost&) const = default;
  };
  using Item = std::variant<MessagePtr, Lost>;

  static void run(sim::Callback& self);
  void put(Item item);
  void hand_over(MessagePtr message);
  void tell_all(Lost lost);

  sim::Loop& loop_;
  std::map<Address, Receiver*> receivers_;
  std::vector<Item> waiting_;
  sim::TimePoint posted_at_;
  std::uint64_t dropped_ = 0;
  TrafficCounts traffic_;
};

}  // namespace transport
