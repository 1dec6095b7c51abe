#include "transport/sim_network.h"

#include <algorithm>

namespace transport {

// A message from its sending to its delivery.
struct SimNetwork::Flight : Transfer, sim::ListNode, sim::Pooled {
  enum class State { sender_cpu, fabric, receiver_cpu };
  SimNetwork* network = nullptr;
  MessagePtr message;
  State state = State::sender_cpu;
  sim::TimePoint sent;
  sim::TimePoint due;  // of the event that is scheduled, unless in the fabric

  static void step(sim::Callback& callback) {
    auto& flight = static_cast<Flight&>(callback);
    switch (flight.state) {
      case State::sender_cpu:
        flight.network->launch(flight);
        break;
      case State::fabric:
        flight.network->arrived(flight);
        break;
      case State::receiver_cpu:
        flight.network->deliver(flight);
        break;
    }
  }
};

SimNetwork::SimNetwork(sim::Loop& loop, Fabric& fabric) : loop_(loop), fabric_(fabric) {}

SimNetwork::~SimNetwork() {
  while (!flights_.empty()) {
    Flight& flight = flights_.pop_front();
    if (flight.state == Flight::State::fabric) {
      fabric_.cancel(flight);
    } else {
      loop_.cancel(flight.due, flight);
    }
    delete &flight;
  }
}

SimNetwork::Node& SimNetwork::node(NodeId id) {
  if (id >= nodes_.size()) {
    nodes_.resize(id + 1);
  }
  return nodes_[id];
}

void SimNetwork::set_cost(NodeId id, MessageCost cost) { node(id).cost = cost; }

void SimNetwork::attach(Address address, Receiver& receiver) {
  auto& ports = node(address.node).ports;
  const auto at = std::ranges::lower_bound(ports, address.port, {}, &Port::number);
  sim::check(at == ports.end() || at->number != address.port, "an address is attached twice");
  ports.insert(at, {address.port, &receiver});
}

void SimNetwork::detach(Address address) {
  std::erase_if(node(address.node).ports,
                [&](const Port& port) { return port.number == address.port; });
}

Receiver* SimNetwork::receiver(Address address) {
  if (address.node >= nodes_.size()) {
    return nullptr;
  }
  const auto& ports = nodes_[address.node].ports;
  const auto at = std::ranges::lower_bound(ports, address.port, {}, &Port::number);
  return at != ports.end() && at->number == address.port ? at->receiver : nullptr;
}

// When the node's processors are through with one message that they begin with now.
sim::TimePoint SimNetwork::charge(NodeId id) {
  const MessageCost& cost = node(id).cost;
  if (cost.cpu == nullptr || cost.per_message == sim::Duration()) {
    return loop_.now();
  }
  return cost.cpu->reserve(cost.per_message).end;
}

void SimNetwork::send(MessagePtr message) {
  auto* flight = new Flight;
  flight->fire = &Flight::step;
  flight->network = this;
  flight->from = message->from.node;
  flight->to = message->to.node;
  flight->bytes = message->wire_size();
  flight->message = std::move(message);
  flight->sent = loop_.now();
  flights_.push_back(*flight);
  flight->due = charge(flight->from);
  if (flight->due > loop_.now()) {
    loop_.at(flight->due, *flight);
  } else {
    launch(*flight);
  }
}

void SimNetwork::launch(Flight& flight) {
  if (flight.from != flight.to) {
    flight.state = Flight::State::fabric;
    fabric_.send(flight);
    return;
  }
  flight.state = Flight::State::receiver_cpu;
  flight.due = charge(flight.to);
  loop_.at(flight.due, flight);
}

void SimNetwork::arrived(Flight& flight) {
  flight.state = Flight::State::receiver_cpu;
  flight.due = charge(flight.to);
  if (flight.due > loop_.now()) {
    loop_.at(flight.due, flight);
  } else {
    deliver(flight);
  }
}

void SimNetwork::deliver(Flight& flight) {
  // What the sender's processors took, and its interface, is the interface's; the rest is the way.
  const sim::Duration all = loop_.now() - flight.sent;
  const sim::Duration nic = std::max(sim::Duration(), all - flight.transit.fabric);
  MessagePtr message = std::move(flight.message);
  message->transit = {nic, all - nic};
  flight.unlink();
  delete &flight;
  Receiver* const target = receiver(message->to);
  if (target == nullptr) {
    return;
  }
  traffic_.count(*message);
  const Header& header = message->header;
  loop_.digest().fold(static_cast<std::uint64_t>(header.kind) << 32 | header.opcode);
  loop_.digest().fold((std::uint64_t{message->from.node} << 32 | message->to.node) ^
                      message->wire_size() << 20);
  target->receive(std::move(message));
}

}  // namespace transport
