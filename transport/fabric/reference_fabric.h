// The network model written down rule by rule, to measure the fast one against.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <tuple>

#include "sim/loop.h"
#include "transport/fabric/fabric.h"
#include "transport/fabric/quanta.h"
#include "transport/fabric/topology.h"

namespace transport {

// The rules:
//  - A message of n bytes is ceil(n / 64 KiB) quanta, the last possibly short. A port of rate r
//  takes
//    ceil(b / r) whole nanoseconds for a quantum of b bytes, and sends one at a time.
//  - Messages take turns at a port. It keeps a queue of messages whose next quantum is ready there.
//    Free, it takes the first and sends its next quantum during [s, e). Messages whose next quantum
//    became ready in (s, e] then join the queue's end in order of readiness, equal ones in order of
//    sending; after them the message just served, if its next quantum is ready at e. A message that
//    is not ready joins when it is. An empty port begins with the first that is ready.
//  - At the sender's port all quanta are ready when the message is sent. A quantum sent during [s,
//  e)
//    is ready at the next port at max(s, e - its time there), so that a faster port never stalls in
//    the middle of a quantum (cut-through), plus the path's delay if it left the sender's port.
//  - Buffers are unlimited: a port never waits for the next one.
//  - A message has arrived when its last quantum ends at its last port. Without limited ports on
//  its
//    path, or without bytes, it arrives after the path's delay.
// Alone on its path, with rates that do not rise from port to port and fall again, a message of
// quanta q therefore takes exactly delay + the largest, over its ports, of the sum of time(q).
//
// Costs O(log ports) per quantum and port and general allocations; for tests and small runs.
class ReferenceFabric final : public Fabric {
 public:
  // Both must outlive the fabric.
  ReferenceFabric(sim::Loop& loop, const Topology& topology);
  ~ReferenceFabric() override;
  ReferenceFabric(const ReferenceFabric&) = delete;
  ReferenceFabric& operator=(const ReferenceFabric&) = delete;

  void send(Transfer& transfer) override;
  void cancel(Transfer& transfer) override;
  std::vector<PortUse> ports() override;

 private:
  struct Port;
  struct Flow;
  // A message's place at one of its ports.
  struct Visit {
    Port* port = nullptr;
    std::uint32_t next = 0;            // quantum to be sent here next
    std::deque<sim::TimePoint> ready;  // of the quanta from `next` on, as far as known
    bool listed = false;               // queued, in service, or upcoming at the port
    sim::TimePoint served_until;       // end of the quantum before `next`
  };
  struct Flow {
    Transfer* transfer = nullptr;
    std::uint64_t order = 0;
    Quanta quanta;
    sim::Duration delay;
    sim::TimePoint sent;
    sim::TimePoint first_out;
    std::vector<Visit> visits;
  };
  struct Turn {
    Flow* flow = nullptr;
    std::size_t hop = 0;
    Visit& visit() const { return flow->visits[hop]; }
  };
  struct Port {
    PortId id;
    sim::Rate rate;
    std::deque<Turn> queue;
    std::map<std::pair<sim::TimePoint, std::uint64_t>, Turn> upcoming;  // by (ready, order)
    Turn serving;
    sim::TimePoint free_at;
    sim::Duration booked;
    sim::Duration waited;
  };
  // When a port has to decide something, in order of time and then along the paths.
  using Agenda = std::set<std::pair<sim::TimePoint, PortId>>;

  Port& port(PortId id);
  void begin(Flow& flow, const Path& path);
  void ready(Turn turn, sim::TimePoint when);
  void decide_until_now();
  void decide(Port& port, sim::TimePoint at);
  void join_upcoming(Port& port, sim::TimePoint until);
  void rejoin_served(Port& port, sim::TimePoint at);
  void serve(Port& port, sim::TimePoint start);
  void hand_on(Turn turn, sim::Bytes bytes, sim::TimePoint start, sim::TimePoint end);
  void finish(Flow& flow, sim::TimePoint end);
  void schedule();

  struct Wake : sim::Callback {
    ReferenceFabric* fabric = nullptr;
  };

  sim::Loop& loop_;
  const Topology& topology_;
  std::map<PortId, Port> ports_;
  std::map<std::uint64_t, Flow> flows_;  // by order of sending
  std::uint64_t sent_ = 0;
  Agenda agenda_;
  Wake wake_;
  std::optional<sim::TimePoint> wake_at_;
};

}  // namespace transport
