// The model of interfaces, links and switches: how long a message takes among all others.
#pragma once

#include <string>
#include <vector>

#include "sim/callback.h"
#include "sim/units.h"
#include "transport/message.h"

namespace transport {

// One message on its way. The caller owns it and keeps it in place from send() until it fires,
// which is when the last byte has arrived, or until cancel().
struct Transfer : sim::Callback {
  NodeId from = 0;
  NodeId to = 0;
  sim::Bytes bytes = 0;
  // Filled by the fabric before firing; the sum is the time since send().
  sim::Transit transit;

  // The fabric's own. While its end is open: what the fabric knows it by. After that null, and
  // `end` is when it fires.
  void* under_way = nullptr;
  sim::TimePoint end;
};

// What one port did so far, for utilisation reports.
struct PortUse {
  std::string name;      // "oss3.tx", "leaf0.up"
  sim::Duration busy;    // transmitting, up to now
  sim::Duration waited;  // by messages for their next turn: its growth ÷ time is the mean queue
};

// A fabric must outlive every transfer under way in it, and its loop must outlive the fabric.
class Fabric {
 public:
  virtual ~Fabric() = default;
  // Sends transfer.bytes from transfer.from to transfer.to, beginning now. from != to.
  virtual void send(Transfer& transfer) = 0;
  // Forgets a transfer that was sent and has not fired: it never will. What stands in the ports
  // goes on occupying them, as bytes on a wire do.
  virtual void cancel(Transfer& transfer) = 0;
  // Every port that has carried anything, in the order of (kind, index).
  virtual std::vector<PortUse> ports() = 0;
};

}  // namespace transport
