#include "transport/fabric/fast_fabric.h"

#include <algorithm>
#include <utility>

#include "sim/status.h"
#include "transport/fabric/quanta.h"

namespace transport {

using fast::Flow;
using fast::Hop;
using fast::kNever;
using sim::Duration;
using sim::TimePoint;

FastFabric::FastFabric(sim::Loop& loop, const Topology& topology)
    : loop_(loop), topology_(topology) {}

FastFabric::~FastFabric() {
  for (const auto& kind : ports_) {
    for (const auto& port : kind) {
      if (port) {
        port->alarm.for_each([&](TimePoint t) { loop_.cancel(t, *port); });
      }
    }
  }
}

FastFabric::Port& FastFabric::port(PortId id) {
  auto& table = ports_[static_cast<std::size_t>(id.kind)];
  if (table.size() <= id.index) {
    table.resize(id.index + std::size_t{1});
  }
  std::unique_ptr<Port>& port = table[id.index];
  if (!port) {
    port = std::make_unique<Port>();
    port->fabric = this;
    port->fire = ring;
    port->id = id;
    port->rate = topology_.rate(id);
    port->full_service = quantum_time(port->rate, kQuantum);
  }
  return *port;
}

void FastFabric::send(Transfer& transfer) {
  sim::check(transfer.from != transfer.to, "a fabric carries messages between different nodes");
  const Path path = topology_.path(transfer.from, transfer.to);
  if (transfer.bytes == 0 || path.length == 0) {
    transfer.transit = {Duration(), path.delay};
    arrive(transfer, loop_.now() + path.delay);
    return;
  }
  Flow& flow = open(transfer, path);
  enter(flow, path.ports[0].kind == PortKind::tx);
  settle(&flow.hops[0]);
  pass_on();
}

Flow& FastFabric::open(Transfer& transfer, const Path& path) {
  if (free_.empty()) {
    flows_.push_back(std::make_unique<Flow>());
    free_.push_back(flows_.back().get());
  }
  Flow& flow = *free_.back();
  free_.pop_back();
  flow.transfer = &transfer;
  transfer.under_way = &flow;
  flow.sent = flow.first_out = loop_.now();
  flow.order = sent_++;
  const Quanta quanta = quanta_of(transfer.bytes);
  for (std::size_t i = 0; i < path.length; ++i) {
    Hop& hop = flow.hops[i];
    hop.port = &port(path.ports[i]);
    hop.flow = &flow;
    hop.previous = i == 0 ? nullptr : &flow.hops[i - 1];
    hop.next = i + 1 == path.length ? nullptr : &flow.hops[i + 1];
    hop.left = quanta.count;
    hop.full_service = hop.port->full_service;
    hop.last_service = hop.port->service(quanta.last);
    hop.delay_after = path.ports[i].kind == PortKind::tx ? path.delay : Duration();
    hop.first = i == 0;
    if (!hop.first) {
      hop.ready.reset(quanta.count);
    }
    hop.due = TimePoint();
    hop.on_duty = false;
  }
  // Only an unlimited interface of the sender keeps the first port from being the sender's.
  flow.hops[0].not_before =
      flow.sent + (path.ports[0].kind == PortKind::tx ? Duration() : path.delay);
  return flow;
}

// The next quantum of `hop` joins the port's queue at `joined`. Returns when it ends.
inline TimePoint FastFabric::book(fast::Port& port, Hop& hop, TimePoint joined) {
  const bool last = --hop.left == 0;
  const Duration service = last ? hop.last_service : hop.full_service;
  const TimePoint start = std::max(joined, port.tail);
  const TimePoint end = start + service;
  port.tail = end;
  port.booked += service;
  port.waited += start - joined;
  if (Hop* const next = hop.next; next != nullptr) {
    const Duration there = last ? next->last_service : next->full_service;
    next->ready.push(std::max(start, end - there) + hop.delay_after);
  }
  return end;
}

void FastFabric::enter(Flow& flow, bool from_tx) {
  Hop& first = flow.hops[0];
  advance(*first.port);
  if (from_tx) {
    // Nothing can come before it any more: turns taken back at this instant join after arrivals.
    flow.first_out = std::max(flow.sent, first.port->tail);
    requeue(*first.port, first, book(*first.port, first, flow.sent));
  } else {
    wait(first, first.not_before);
  }
  for (Hop* hop = first.next; hop != nullptr; hop = hop->next) {
    const Hop& previous = *hop->previous;
    wait(*hop,
         hop->ready.empty() ? previous.not_before + previous.delay_after : hop->ready.front());
  }
}

void FastFabric::finish(Flow& flow, TimePoint end) {
  free_.push_back(&flow);
  if (flow.transfer != nullptr) {
    Transfer& transfer = *std::exchange(flow.transfer, nullptr);
    transfer.transit = {flow.first_out - flow.sent, end - flow.first_out};
    arrive(transfer, end);
  }
}

void FastFabric::arrive(Transfer& transfer, TimePoint end) {
  sim::check(end >= loop_.now(), "a transfer's end was found too late");
  transfer.under_way = nullptr;
  transfer.end = end;
  if (ringing_ && end == loop_.now() && ends_now_ == nullptr) {
    ends_now_ = &transfer;
  } else {
    loop_.at(end, transfer);
  }
}

void FastFabric::cancel(Transfer& transfer) {
  if (transfer.under_way != nullptr) {
    static_cast<Flow*>(std::exchange(transfer.under_way, nullptr))->transfer = nullptr;
  } else {
    loop_.cancel(transfer.end, transfer);
  }
}

std::vector<PortUse> FastFabric::ports() {
  std::vector<PortUse> uses;
  for (const auto& kind : ports_) {
    for (const auto& port : kind) {
      if (port) {
        advance(*port);
        const Duration ahead = std::max(Duration(), port->tail - loop_.now());
        uses.push_back({topology_.name(port->id), port->booked - ahead, port->waited});
      }
    }
  }
  pass_on();
  return uses;
}

// Books everything that joins the port's queue before the present. Where an arrival and a turn
// meet, the arrival comes first.
void FastFabric::advance(fast::Port& port) {
  const TimePoint now = loop_.now();
  if (port.advanced_to == now) {
    return;
  }
  port.advanced_to = now;
  for (;;) {
    const TimePoint arrival = port.waiting.empty() ? kNever : port.waiting.front().key;
    if (!port.ring.empty() && !take_turns(port, std::min(now, arrival))) {
      continue;
    }
    if (arrival >= now) {
      return;
    }
    admit_waiting(port);
  }
}

// Takes the turns that come before `limit`. False if it stopped early, because a message that ran
// dry is now among the waiting.
bool FastFabric::take_turns(fast::Port& port, TimePoint limit) {
  while (!port.ring.empty()) {
    const fast::TurnRing::Turn turn = port.ring.front();
    if (turn.end >= limit) {
      return true;
    }
    Hop& hop = *turn.hop;
    if (hop.first && hop.left > 1) {
      hop.not_before = book(port, hop, turn.end);
      port.ring.to_back({&hop, hop.not_before});
      continue;
    }
    port.ring.pop();
    if (!hop.first) {
      const TimePoint ready = next_ready(hop);
      if (ready > turn.end) {
        wait(hop, ready);
        return false;
      }
      hop.ready.pop();
    }
    const TimePoint end = book(port, hop, turn.end);
    if (hop.left > 0 && hop.dry(end)) {
      wait(hop, hop.ready.front());
      return false;
    }
    requeue(port, hop, end);
  }
  return true;
}

// The first of the waiting joins the port's queue, if it is ready indeed. One that runs dry at once
// never gets to the ring.
void FastFabric::admit_waiting(fast::Port& port) {
  const fast::Waiting arrival = port.waiting.front();
  Hop& hop = *arrival.hop;
  TimePoint next = kNever;  // when it is to be looked at again, if it stays among the waiting
  if (!hop.first) {
    const TimePoint ready = next_ready(hop);
    if (ready > arrival.key) {
      next = ready;
    } else {
      hop.ready.pop();
    }
  }
  if (next == kNever) {
    const TimePoint end = book(port, hop, arrival.key);
    if (hop.left == 0 || !hop.dry(end)) {
      port.waiting.pop();
      requeue(port, hop, end);
      return;
    }
    next = hop.ready.front();
  }
  hop.not_before = next;
  port.waiting.replace_front({next, arrival.order, &hop});
}

void FastFabric::wait(Hop& hop, TimePoint key) {
  hop.not_before = key;
  hop.port->waiting.push({key, hop.flow->order, &hop});
}

// When the next quantum is ready at `hop`, which is not the first. If that is not booked at the
// previous one even now, an instant from now on that it cannot precede.
TimePoint FastFabric::next_ready(Hop& hop) {
  if (hop.ready.empty()) [[unlikely]] {
    advance(*hop.previous->port);
    if (hop.ready.empty()) {
      return hop.previous->not_before + hop.previous->delay_after;
    }
  }
  return hop.ready.front();
}

// Where a message goes whose booked quantum ends at `end`: its next turn, or on.
void FastFabric::requeue(fast::Port& port, Hop& hop, TimePoint end) {
  if (hop.left > 0) [[likely]] {
    hop.not_before = end;
    port.ring.push({&hop, end});
  } else if (hop.next == nullptr) {
    finish(*hop.flow, end + hop.delay_after);
  } else if (hop.on_duty) {
    hop.on_duty = false;
    to_settle_.push_back(&hop);
  }
}

}  // namespace transport
