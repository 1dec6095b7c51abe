// The network model that runs use: the times of the reference model, without its events.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "sim/loop.h"
#include "transport/fabric/fabric.h"
#include "transport/fabric/fast_port.h"
#include "transport/fabric/topology.h"

namespace transport {

// Follows the rules in reference_fabric.h to the nanosecond, everywhere. How it gets there:
//
// Taking turns is a queue of quanta: one that joins at time j starts at max(j, end of all booked),
// so its start, its end and its readiness at the next port are known when it joins, and it joins
// when the message's previous quantum ends or when it is ready, whichever is later. A port
// therefore books quanta in a tight loop outside the loop of events, up to the present and no
// further, because later arrivals may still come between. It does so only when asked: by its alarm,
// by a message sent to it, or by a port behind it that has run out of ready quanta (never the other
// way, so nobody waits in a circle).
//
// What needs events is only that nobody asks too late. For each message one port of its path is on
// duty: its alarm rings no later than the message's last quantum can possibly end there. If the
// last quantum is booked by then, duty passes to the next port, and at the last port the end is
// known; if not, the estimate is renewed. Estimates never overshoot, because the further future can
// only add delay to what is counted in them. Under load a port's one alarm serves a whole round of
// turns.
//
// Memory is reused: nothing is allocated once as many messages have been under way as will be.
class FastFabric final : public Fabric {
 public:
  // Both must outlive the fabric. Transfers must not destroy the fabric when they fire.
  FastFabric(sim::Loop& loop, const Topology& topology);
  ~FastFabric() override;
  FastFabric(const FastFabric&) = delete;
  FastFabric& operator=(const FastFabric&) = delete;

  void send(Transfer& transfer) override;
  void cancel(Transfer& transfer) override;
  std::vector<PortUse> ports() override;

 private:
  struct Port : fast::Port {
    FastFabric* fabric = nullptr;
  };

  Port& port(PortId id);
  fast::Flow& open(Transfer& transfer, const Path& path);
  void enter(fast::Flow& flow, bool from_tx);
  void finish(fast::Flow& flow, sim::TimePoint end);
  void arrive(Transfer& transfer, sim::TimePoint end);

  // The schedule.
  void advance(fast::Port& port);
  bool take_turns(fast::Port& port, sim::TimePoint limit);
  void admit_waiting(fast::Port& port);
  sim::TimePoint book(fast::Port& port, fast::Hop& hop, sim::TimePoint joined);
  void requeue(fast::Port& port, fast::Hop& hop, sim::TimePoint end);
  void wait(fast::Hop& hop, sim::TimePoint key);
  sim::TimePoint next_ready(fast::Hop& hop);

  // The alarms.
  static void ring(sim::Callback& callback);
  void settle(fast::Hop* hop);
  void pass_on();
  void watch(fast::Port& port, sim::TimePoint bound);
  void set_alarm(fast::Port& port, sim::TimePoint when);
  bool give_up_duty(fast::Hop& hop);
  sim::TimePoint earliest_end(fast::Port& port);
  sim::TimePoint earliest_in_ring(fast::Port& port);
  sim::TimePoint earliest_waiting(fast::Port& port);

  sim::Loop& loop_;
  const Topology& topology_;
  std::array<std::vector<std::unique_ptr<Port>>, kPortKinds> ports_;  // by kind and index, on use
  std::vector<std::unique_ptr<fast::Flow>> flows_;
  std::vector<fast::Flow*> free_;
  std::uint64_t sent_ = 0;
  std::vector<fast::Hop*> to_settle_;  // hops whose message needs a port on duty from there on
  // While an alarm is being handled: a transfer found to end right now fires at the end of it,
  // without an event of its own.
  bool ringing_ = false;
  Transfer* ends_now_ = nullptr;
};

}  // namespace transport
