#include "transport/testing/loopback_network.h"

namespace transport::testing {

LoopbackNetwork::UnderWay::~UnderWay() {
  while (!list.empty()) {
    const std::unique_ptr<Delivery> delivery(&list.pop_front());
    loop.cancel(delivery->due, *delivery);
  }
}

std::uint64_t LoopbackNetwork::sent(MessageKind kind, Opcode opcode) const {
  const auto found = sent_.find({kind, opcode});
  return found == sent_.end() ? 0 : found->second;
}

void LoopbackNetwork::disconnect(NodeId a, NodeId b) {
  const std::map<Address, Receiver*> receivers = receivers_;
  for (const auto& [address, receiver] : receivers) {
    if (address.node == a || address.node == b) {
      receiver->disconnected(address.node == a ? b : a);
    }
  }
}

void LoopbackNetwork::send(MessagePtr message) {
  ++sent_[{message->header.kind, message->header.opcode}];
  if (filter_ && !filter_(*message)) {
    return;
  }
  auto delivery = std::make_unique<Delivery>();
  delivery->fire = &LoopbackNetwork::deliver;
  delivery->network = this;
  delivery->message = std::move(message);
  delivery->due = loop_.now() + delay_;
  under_way_.list.push_back(*delivery);
  Delivery& scheduled = *delivery.release();
  loop_.at(scheduled.due, scheduled);
}

void LoopbackNetwork::deliver(sim::Callback& callback) {
  const std::unique_ptr<Delivery> delivery(&static_cast<Delivery&>(callback));
  LoopbackNetwork& self = *delivery->network;
  const auto receiver = self.receivers_.find(delivery->message->to);
  if (receiver != self.receivers_.end()) {
    ++self.delivered_;
    receiver->second->receive(std::move(delivery->message));
  }
}

}  // namespace transport::testing
