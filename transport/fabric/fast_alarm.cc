// When the ports of the fast fabric have to look again.
#include <algorithm>
#include <limits>
#include <utility>

#include "transport/fabric/fast_fabric.h"

namespace transport {

using fast::Hop;
using fast::kNever;
using sim::Duration;
using sim::TimePoint;

namespace {

// So many of the waiting are looked at one by one; more wait at one port only if messages spend far
// longer on the way than in ports.
constexpr std::size_t kWaitingLookedAt = 64;

// With more in turn than this a message's own bound serves: it lies behind a long round of turns,
// and an alarm that is early by then costs less than a look at all of them for every message sent.
constexpr std::size_t kRingLookedAt = 64;

// The last quantum cannot end here before, even if nothing else comes.
TimePoint bound(const Hop& hop) {
  const TimePoint next = std::max(hop.not_before, hop.port->tail);
  return std::max(hop.due, next + hop.full_service * (hop.left - 1) + hop.last_service);
}

// How many of the next `most` full quanta of a message are certain to join without a gap when its
// booked quantum ends at `end`.
std::size_t certain(const Hop& hop, TimePoint end, std::size_t most) {
  if (hop.first) {
    return std::min<std::size_t>(most, hop.left - 1);
  }
  const std::size_t full = hop.ready.size() - (hop.all_ready() ? 1 : 0);
  const std::size_t n = std::min(full, most);
  if (n == 0 || hop.ready.front() > end) {
    return 0;
  }
  return hop.ready[n - 1] <= end ? n : 1;
}

// In larger rings the search for the first to end stops at one that has a single quantum left. By
// the time of the alarm that quantum is booked, so its exact end need not be known before.
constexpr std::size_t kRingExact = 8;

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

// What is needed of the messages on duty in a ring to bound their ends.
struct First {
  std::uint32_t left = kNone;  // the fewest
  std::size_t index = 0;       // of the first that has so few
  std::uint32_t uncertain = kNone;
  Duration shortest = Duration::max();
  Duration shortest_of_fewest = Duration::max();
  TimePoint due = kNever;
  bool steady = true;  // all are certain to keep their turns

  void consider(const Hop& hop, std::size_t i, TimePoint end) {
    const bool ready = hop.all_ready();
    steady = steady && ready && (hop.first || hop.ready.back() <= end);
    const auto missing = ready ? 0 : hop.left - 1 - static_cast<std::uint32_t>(hop.ready.size());
    uncertain = std::min(uncertain, missing);
    shortest = std::min(shortest, hop.last_service);
    due = std::min(due, hop.due);
    if (hop.left < left) {
      left = hop.left;
      index = i;
      shortest_of_fewest = hop.last_service;
    } else if (hop.left == left) {
      shortest_of_fewest = std::min(shortest_of_fewest, hop.last_service);
    }
  }
  // Leaves out what messages not considered yet might lower.
  void settle_for_less() {
    due = TimePoint();
    shortest = sim::nanoseconds(1);
    steady = false;
  }
};

}  // namespace

void FastFabric::ring(sim::Callback& callback) {
  Port& port = static_cast<Port&>(callback);
  FastFabric& fabric = *port.fabric;
  if (!port.alarm.fired(fabric.loop_.now())) {
    return;
  }
  fabric.ringing_ = true;
  fabric.advance(port);
  fabric.set_alarm(port, fabric.earliest_end(port));
  fabric.pass_on();
  fabric.ringing_ = false;
  if (fabric.ends_now_ != nullptr) {
    Transfer& transfer = *std::exchange(fabric.ends_now_, nullptr);
    transfer.fire(transfer);
  }
}

void FastFabric::pass_on() {
  for (std::size_t i = 0; i < to_settle_.size(); ++i) {
    settle(to_settle_[i]);
  }
  to_settle_.clear();
}

// Puts a port on duty for a message whose quanta are all booked before `hop`: the first at which
// others are in turn too. Alone at a port a message's end there can be reckoned, so duty may pass
// on ahead of it, with that as the time when it is due.
void FastFabric::settle(Hop* hop) {
  while (hop != nullptr) {
    advance(*hop->port);
    Hop* const next = hop->next;
    if (hop->left > 0 && (next == nullptr || hop->port->ring.size() > 1)) {
      hop->on_duty = true;
      watch(*hop->port, bound(*hop));
      return;
    }
    if (next != nullptr && next->left > 0) {
      next->due =
          hop->left > 0 ? bound(*hop) + hop->delay_after : next->ready.back() + next->last_service;
    }
    hop = next;
  }
}

void FastFabric::watch(fast::Port& port, TimePoint bound) {
  if (bound < port.alarm.at()) {
    const bool alone = port.ring.size() + port.waiting.size() == 1;
    set_alarm(port, alone || port.ring.size() > kRingLookedAt ? bound : earliest_end(port));
  }
}

void FastFabric::set_alarm(fast::Port& port, TimePoint when) {
  if (when < port.alarm.at()) {
    port.alarm.set(when);
    loop_.at(when, port);
  }
}

// Whether a message that was reckoned to be through the ports before by now is not; it then needs a
// port on duty there.
bool FastFabric::give_up_duty(Hop& hop) {
  if (hop.due > loop_.now() || hop.all_ready()) {
    return false;
  }
  advance(*hop.previous->port);
  if (hop.all_ready()) {
    return false;
  }
  hop.on_duty = false;
  Hop* behind = &hop;
  while (behind->previous != nullptr && behind->previous->left > 0) {
    behind = behind->previous;
  }
  to_settle_.push_back(behind);
  return true;
}

// A lower bound of the first end of a message's last quantum at `port`, among those it is on duty
// for and whose end is still open.
TimePoint FastFabric::earliest_end(fast::Port& port) {
  return std::min(earliest_in_ring(port), earliest_waiting(port));
}

// A message with m quanta left at the end of which l is the last ends no earlier than
//   tail + l + (m - 1 full quanta of its own) + (those of the others that are certain to come
//   first),
// where another message comes first once in each round as long as its quanta are certain, and once
// more if it is ahead. With c(h) for the certain quanta of h, its own included, and g = m - 1 - c
// for those of its own that are not, that is tail + l + full × (g + sum over the ring of min(c(h),
// m - 1)), plus one for each with c(h) >= m that is ahead. The sum grows with m, so the fewest m,
// the least g and the shortest l together bound all messages on duty. If those all keep their
// turns, the one in front of the ones with the fewest left is the first to end; at a first port,
// and without further arrivals, the bound is then exact.
TimePoint FastFabric::earliest_in_ring(fast::Port& port) {
  const fast::TurnRing& ring = port.ring;
  First first;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    Hop& hop = *ring[i].hop;
    if (hop.on_duty && !give_up_duty(hop)) {
      first.consider(hop, i, ring[i].end);
      if (first.left == 1 && first.uncertain == 0 && ring.size() > kRingExact) {
        first.settle_for_less();
        break;
      }
    }
  }
  if (first.left == kNone) {
    return kNever;
  }
  std::size_t quanta = first.uncertain;
  // With one quantum left only those ahead come first.
  for (std::size_t i = 0; i < (first.left == 1 ? first.index : ring.size()); ++i) {
    quanta += certain(*ring[i].hop, ring[i].end, first.left - (i < first.index ? 0 : 1));
  }
  const Duration last = first.steady ? first.shortest_of_fewest : first.shortest;
  return std::max(first.due,
                  port.tail + port.full_service * static_cast<std::int64_t>(quanta) + last);
}

TimePoint FastFabric::earliest_waiting(fast::Port& port) {
  TimePoint earliest = kNever;
  for (std::size_t i = 0; i < port.waiting.size(); ++i) {
    const fast::Waiting& waiting = port.waiting[i];
    if (std::max(waiting.key, port.tail) >= earliest) {
      break;  // nothing from here on can end before
    }
    Hop& hop = *waiting.hop;
    if (i == kWaitingLookedAt) {
      return std::min(earliest, std::max(waiting.key, port.tail) + sim::nanoseconds(1));
    }
    if (hop.on_duty && !give_up_duty(hop)) {
      earliest = std::min(earliest, bound(hop));
    }
  }
  return earliest;
}

}  // namespace transport
