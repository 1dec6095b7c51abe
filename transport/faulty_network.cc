#include "transport/faulty_network.h"

namespace transport {

FaultyNetwork::FaultyNetwork(sim::Loop& loop, Network& below) : loop_(loop), below_(below) {}

FaultyNetwork::~FaultyNetwork() {
  while (!late_.empty()) {
    drop(late_.front());
  }
}

void FaultyNetwork::silence(NodeId node, bool lost) {
  any_ = true;
  silent_[node] += lost ? 1 : -1;
}

void FaultyNetwork::cut(NodeId a, NodeId b, bool lost) {
  any_ = true;
  cut_[pair_of(a, b)] += lost ? 1 : -1;
}

void FaultyNetwork::slow(NodeId a, NodeId b, sim::Duration more) {
  any_ = true;
  slow_[pair_of(a, b)] += more;
}

// Who is not attached any more sends nothing.
void FaultyNetwork::detach(Address address) {
  below_.detach(address);
  std::vector<Late*> orphans;
  late_.for_each([&](Late& late) {
    if (late.message->from == address) {
      orphans.push_back(&late);
    }
  });
  for (Late* late : orphans) {
    drop(*late);
  }
}

void FaultyNetwork::drop(Late& late) {
  loop_.cancel(late.due, late);
  late.unlink();
  delete &late;
}

bool FaultyNetwork::loses(const Message& message) const {
  const NodeId from = message.from.node;
  const NodeId to = message.to.node;
  const auto silent = [this](NodeId node) {
    const auto found = silent_.find(node);
    return found != silent_.end() && found->second > 0;
  };
  const auto cut = cut_.find(pair_of(from, to));
  return from != to && (silent(from) || silent(to) || (cut != cut_.end() && cut->second > 0));
}

// When a message that is sent now may go on: in the order of sending, and late if its way is.
sim::TimePoint FaultyNetwork::due(const Message& message) {
  sim::TimePoint due = loop_.now();
  const auto slow = slow_.find(pair_of(message.from.node, message.to.node));
  if (slow != slow_.end()) {
    due = due + slow->second;
  }
  sim::TimePoint& last = last_late_[{message.from.node, message.to.node}];
  last = std::max(last, due);
  return last;
}

void FaultyNetwork::send(MessagePtr message) {
  if (!any_) {
    below_.send(std::move(message));
    return;
  }
  if (loses(*message)) {
    ++lost_;
    return;
  }
  const sim::TimePoint due = this->due(*message);
  if (due <= loop_.now()) {
    below_.send(std::move(message));
    return;
  }
  auto* late = new Late;
  late->fire = &FaultyNetwork::delay_over;
  late->network = this;
  late->message = std::move(message);
  late->due = due;
  late_.push_back(*late);
  loop_.at(late->due, *late);
}

void FaultyNetwork::delay_over(sim::Callback& callback) {
  auto& late = static_cast<Late&>(callback);
  FaultyNetwork& self = *late.network;
  MessagePtr message = std::move(late.message);
  late.unlink();
  delete &late;
  self.below_.send(std::move(message));
}

}  // namespace transport
