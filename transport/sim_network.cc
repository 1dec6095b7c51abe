#include "transport/sim_network.h"

#include <algorithm>
#include <utility>

#include "sim/status.h"

namespace transport {

// A message from its sending to its delivery.
struct SimNetwork::Flight : Transfer, sim::ListNode, sim::Pooled {
  enum class State { sender_cpu, fabric, receiver_cpu, held };
  SimNetwork* network = nullptr;
  MessagePtr message;
  State state = State::sender_cpu;
  sim::TimePoint sent;
  sim::TimePoint launched;
  sim::TimePoint landed;  // in the receiver's interface
  sim::TimePoint due;     // of the event that is scheduled, unless in the fabric or held
  // Neighbours in its channel.
  Flight* older = nullptr;
  Flight* younger = nullptr;

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
        flight.network->received(flight);
        break;
      case State::held:
        sim::fail_check("a held message has no event");
    }
  }
};

SimNetwork::SimNetwork(sim::Loop& loop, Fabric& fabric) : loop_(loop), fabric_(fabric) {}

SimNetwork::~SimNetwork() {
  while (!flights_.empty()) {
    Flight& flight = flights_.pop_front();
    if (flight.state == Flight::State::fabric) {
      fabric_.cancel(flight);
    } else if (flight.state != Flight::State::held) {
      loop_.cancel(flight.due, flight);
    }
    delete &flight;
  }
}

SimNetwork::Node& SimNetwork::node(NodeId id) {
  if (id >= nodes_.size()) {
    nodes_.resize(id + std::size_t{1});
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
  for (const Port& port : nodes_[address.node].ports) {  // one or two
    if (port.number == address.port) {
      return port.receiver;
    }
  }
  return nullptr;
}

// When the node's processors are through with one message that they begin with now.
sim::TimePoint SimNetwork::charge(NodeId id, sim::Bytes bytes) {
  const MessageCost& cost = node(id).cost;
  const auto per_size =
      (static_cast<unsigned __int128>(bytes) * static_cast<std::uint64_t>(cost.per_kib.ns()) +
       sim::kKiB - 1) /
      sim::kKiB;
  const sim::Duration total = cost.per_message + sim::Duration(static_cast<std::int64_t>(per_size));
  if (cost.cpu == nullptr || total == sim::Duration()) {
    return loop_.now();
  }
  return cost.cpu->reserve(total).end;
}

void SimNetwork::send(MessagePtr message) {
  sim::check(receiver(message->from) != nullptr, "a message from an address that is not attached");
  auto* flight = new Flight;
  flight->fire = &Flight::step;
  flight->network = this;
  flight->from = message->from.node;
  flight->to = message->to.node;
  flight->bytes = message->wire_size();
  flight->message = std::move(message);
  flight->sent = loop_.now();
  flights_.push_back(*flight);
  ++under_way_;
  enqueue(*flight);
  flight->due = charge(flight->from, flight->bytes);
  if (flight->due > loop_.now()) {
    loop_.at(flight->due, *flight);
  } else {
    launch(*flight);
  }
}

void SimNetwork::launch(Flight& flight) {
  flight.launched = loop_.now();
  if (flight.from != flight.to) {
    flight.state = Flight::State::fabric;
    fabric_.send(flight);
    return;
  }
  flight.state = Flight::State::receiver_cpu;
  flight.landed = loop_.now();
  flight.due = charge(flight.to, flight.bytes);
  loop_.at(flight.due, flight);
}

void SimNetwork::arrived(Flight& flight) {
  // Nobody has looked at it since it was sent; it is handed over by the next event.
  const char* const message = reinterpret_cast<const char*>(flight.message.get());
  __builtin_prefetch(message);
  __builtin_prefetch(message + 64);
  __builtin_prefetch(message + 128);
  flight.state = Flight::State::receiver_cpu;
  flight.landed = loop_.now();
  flight.due = charge(flight.to, flight.bytes);
  if (flight.due > loop_.now()) {
    loop_.at(flight.due, flight);
  } else {
    received(flight);
  }
}

// The message is in the receiver's memory: hands it over with those that it kept waiting, unless it
// has to wait itself.
void SimNetwork::received(Flight& flight) {
  flight.state = Flight::State::held;
  Flight* next = &flight;
  while (next != nullptr && next->older == nullptr && next->state == Flight::State::held) {
    hand_over(*std::exchange(next, next->younger));
  }
}

std::size_t SimNetwork::ChannelHash::operator()(const Channel& channel) const {
  const auto word = [](Address a) { return std::uint64_t{a.node} << 32 | a.port; };
  std::uint64_t h = word(channel.from) * 0x9E3779B97F4A7C15u;
  h = ((h ^ h >> 32) + word(channel.to)) * 0xD6E8FEB86659FD93u + (channel.bulk ? 1 : 0);
  return static_cast<std::size_t>(h ^ h >> 32);
}

SimNetwork::Channel SimNetwork::channel_of(const Message& message) {
  return {message.from, message.to, message.header.kind == MessageKind::bulk_put};
}

void SimNetwork::enqueue(Flight& flight) {
  const auto [at, fresh] = youngest_.try_emplace(channel_of(*flight.message), &flight);
  if (!fresh) {
    flight.older = std::exchange(at->second, &flight);
    flight.older->younger = &flight;
  }
}

// `flight` is the oldest of its channel.
void SimNetwork::dequeue(Flight& flight) {
  if (flight.younger != nullptr) {
    flight.younger->older = nullptr;
  } else {
    youngest_.erase(channel_of(*flight.message));
  }
}

void SimNetwork::hand_over(Flight& flight) {
  dequeue(flight);
  flight.unlink();
  --under_way_;
  MessagePtr message = std::move(flight.message);
  sim::Transit& transit = message->transit;
  transit = {flight.transit.nic, {}, flight.launched - flight.sent, flight.due - flight.landed};
  transit.fabric = loop_.now() - flight.sent - transit.total();
  const sim::Bytes wire_size = flight.bytes;
  delete &flight;
  Receiver* const target = receiver(message->to);
  if (target == nullptr) {
    ++dropped_;
    return;
  }
  traffic_.count(*message);
  const Header& header = message->header;
  sim::Digest& digest = loop_.digest();
  digest.fold(static_cast<std::uint64_t>(header.kind) << 32 | header.opcode);
  digest.fold(wire_size);
  digest.fold(std::uint64_t{message->from.node} << 32 | message->from.port);
  digest.fold(std::uint64_t{message->to.node} << 32 | message->to.port);
  target->receive(std::move(message));
}

}  // namespace transport
