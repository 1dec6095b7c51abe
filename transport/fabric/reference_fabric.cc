#include "transport/fabric/reference_fabric.h"

#include <algorithm>
#include <utility>

namespace transport {

using sim::Duration;
using sim::TimePoint;

ReferenceFabric::ReferenceFabric(sim::Loop& loop, const Topology& topology)
    : loop_(loop), topology_(topology) {
  wake_.fabric = this;
  wake_.fire = [](sim::Callback& c) {
    ReferenceFabric& fabric = *static_cast<Wake&>(c).fabric;
    fabric.wake_at_.reset();
    fabric.decide_until_now();
    fabric.schedule();
  };
}

ReferenceFabric::~ReferenceFabric() {
  if (wake_at_) {
    loop_.cancel(*wake_at_, wake_);
  }
}

ReferenceFabric::Port& ReferenceFabric::port(PortId id) {
  Port& port = ports_[id];
  port.id = id;
  port.rate = topology_.rate(id);
  return port;
}

void ReferenceFabric::send(Transfer& transfer) {
  sim::check(transfer.from != transfer.to, "a fabric carries messages between different nodes");
  decide_until_now();
  const Path path = topology_.path(transfer.from, transfer.to);
  const std::uint64_t order = sent_++;
  Flow& flow = flows_[order];
  flow.transfer = &transfer;
  flow.order = order;
  flow.delay = path.delay;
  flow.sent = flow.first_out = loop_.now();
  transfer.under_way = &flow;
  if (transfer.bytes == 0 || path.length == 0) {
    finish(flow, loop_.now() + path.delay);
  } else {
    begin(flow, path);
  }
  schedule();
}

void ReferenceFabric::begin(Flow& flow, const Path& path) {
  flow.quanta = quanta_of(flow.transfer->bytes);
  flow.visits.resize(path.length);
  for (std::size_t i = 0; i < path.length; ++i) {
    flow.visits[i].port = &port(path.ports[i]);
  }
  const bool from_tx = path.ports[0].kind == PortKind::tx;
  for (std::uint32_t i = 0; i < flow.quanta.count; ++i) {
    ready({&flow, 0}, from_tx ? flow.sent : flow.sent + flow.delay);
  }
}

void ReferenceFabric::ready(Turn turn, TimePoint when) {
  Visit& visit = turn.visit();
  visit.ready.push_back(when);
  if (!visit.listed) {
    visit.listed = true;
    visit.port->upcoming.emplace(std::pair(when, turn.flow->order), turn);
    agenda_.emplace(when, visit.port->id);
  }
}

// What is decided at an instant may depend on everything sent up to and including that instant, so
// the present instant has to wait.
void ReferenceFabric::decide_until_now() {
  while (!agenda_.empty() && agenda_.begin()->first < loop_.now()) {
    const auto [at, id] = *agenda_.begin();
    agenda_.erase(agenda_.begin());
    decide(ports_[id], at);
  }
}

void ReferenceFabric::schedule() {
  if (agenda_.empty()) {
    return;
  }
  const TimePoint when = std::max(agenda_.begin()->first + sim::nanoseconds(1), loop_.now());
  if (wake_at_ && *wake_at_ <= when) {
    return;
  }
  if (wake_at_) {
    loop_.cancel(*wake_at_, wake_);
  }
  wake_at_ = when;
  loop_.at(when, wake_);
}

void ReferenceFabric::decide(Port& port, TimePoint at) {
  if (port.free_at > at) {
    return;
  }
  join_upcoming(port, at);
  if (port.serving.flow != nullptr) {
    rejoin_served(port, at);
  }
  if (!port.queue.empty()) {
    serve(port, at);
  } else if (!port.upcoming.empty()) {
    agenda_.emplace(port.upcoming.begin()->first.first, port.id);
  }
}

void ReferenceFabric::join_upcoming(Port& port, TimePoint until) {
  while (!port.upcoming.empty() && port.upcoming.begin()->first.first <= until) {
    port.queue.push_back(port.upcoming.begin()->second);
    port.upcoming.erase(port.upcoming.begin());
  }
}

void ReferenceFabric::rejoin_served(Port& port, TimePoint at) {
  const Turn turn = std::exchange(port.serving, Turn{});
  Visit& visit = turn.visit();
  if (visit.next == turn.flow->quanta.count) {
    if (turn.hop + 1 == turn.flow->visits.size()) {
      flows_.erase(turn.flow->order);
    }
  } else if (visit.ready.empty()) {
    visit.listed = false;
  } else if (visit.ready.front() <= at) {
    port.queue.push_back(turn);
  } else {
    port.upcoming.emplace(std::pair(visit.ready.front(), turn.flow->order), turn);
  }
}

void ReferenceFabric::serve(Port& port, TimePoint start) {
  port.serving = port.queue.front();
  port.queue.pop_front();
  Flow& flow = *port.serving.flow;
  Visit& visit = port.serving.visit();
  const std::uint32_t quantum = visit.next++;
  port.waited += start - std::max(visit.ready.front(), visit.served_until);
  visit.ready.pop_front();
  const sim::Bytes bytes = quantum + 1 == flow.quanta.count ? flow.quanta.last : kQuantum;
  const Duration time = port.rate.time_for(bytes);
  const TimePoint end = start + time;
  port.booked += time;
  visit.served_until = end;
  port.free_at = end;
  agenda_.emplace(end, port.id);
  if (quantum == 0 && port.id.kind == PortKind::tx) {
    flow.first_out = start;
  }
  hand_on(port.serving, bytes, start, end);
}

void ReferenceFabric::hand_on(Turn turn, sim::Bytes bytes, TimePoint start, TimePoint end) {
  Flow& flow = *turn.flow;
  const Duration delay = turn.visit().port->id.kind == PortKind::tx ? flow.delay : Duration();
  if (turn.hop + 1 < flow.visits.size()) {
    const sim::Rate next = flow.visits[turn.hop + 1].port->rate;
    ready({&flow, turn.hop + 1}, std::max(start, end - next.time_for(bytes)) + delay);
  } else if (turn.visit().next == flow.quanta.count) {
    finish(flow, end + delay);
  }
}

void ReferenceFabric::finish(Flow& flow, TimePoint end) {
  Transfer* transfer = std::exchange(flow.transfer, nullptr);
  if (transfer != nullptr) {
    transfer->under_way = nullptr;
    transfer->end = end;
    transfer->transit = {flow.first_out - flow.sent, end - flow.first_out};
    loop_.at(end, *transfer);
  }
  if (flow.visits.empty()) {
    flows_.erase(flow.order);
  }
}

void ReferenceFabric::cancel(Transfer& transfer) {
  if (transfer.under_way != nullptr) {
    static_cast<Flow*>(std::exchange(transfer.under_way, nullptr))->transfer = nullptr;
  } else {
    loop_.cancel(transfer.end, transfer);
  }
}

std::vector<PortUse> ReferenceFabric::ports() {
  decide_until_now();
  schedule();
  std::vector<PortUse> uses;
  for (const auto& [id, port] : ports_) {
    const Duration ahead = std::max(Duration(), port.free_at - loop_.now());
    uses.push_back({topology_.name(id), port.booked - ahead, port.waited});
  }
  return uses;
}

}  // namespace transport
