// A network on which messages are lost or late when they are meant to be.
#pragma once

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "sim/intrusive_list.h"
#include "sim/loop.h"
#include "transport/network.h"

namespace transport {

// Passes everything on to the network below. What it was told to lose is lost when it is sent; what
// is late is kept before it is sent, and what follows it from the same node to the same node waits
// for it. Costs one comparison for a message as long as it was told nothing.
class FaultyNetwork final : public Network {
 public:
  // Both must outlive the network.
  FaultyNetwork(sim::Loop& loop, Network& below);
  ~FaultyNetwork() override;
  FaultyNetwork(const FaultyNetwork&) = delete;
  FaultyNetwork& operator=(const FaultyNetwork&) = delete;

  // From now on, until as many calls with `lost` false have come: what this node sends to others or
  // is sent by them is lost.
  void silence(NodeId node, bool lost);
  // The same, between two nodes only.
  void cut(NodeId a, NodeId b, bool lost);
  // From now on, messages between the two nodes take so much longer; calls add up.
  void slow(NodeId a, NodeId b, sim::Duration more);

  std::uint64_t lost() const { return lost_; }

  void attach(Address address, Receiver& receiver) override { below_.attach(address, receiver); }
  void detach(Address address) override;
  void send(MessagePtr message) override;

 private:
  using Pair = std::pair<NodeId, NodeId>;  // the smaller one first
  struct Late : sim::Callback, sim::ListNode, sim::Pooled {
    FaultyNetwork* network = nullptr;
    MessagePtr message;
    sim::TimePoint due;
  };
  static Pair pair_of(NodeId a, NodeId b) { return {std::min(a, b), std::max(a, b)}; }
  static void delay_over(sim::Callback& callback);
  bool loses(const Message& message) const;
  sim::TimePoint due(const Message& message);
  void drop(Late& late);

  sim::Loop& loop_;
  Network& below_;
  bool any_ = false;
  std::map<NodeId, int> silent_;
  std::map<Pair, int> cut_;
  std::map<Pair, sim::Duration> slow_;
  std::map<Pair, sim::TimePoint> last_late_;  // by sender and receiver: when it goes on
  std::uint64_t lost_ = 0;
  sim::IntrusiveList<Late> late_;
};

}  // namespace transport
