// The model of interfaces, links and switches: how long a message takes among all others.
#pragma once

#include <string>
#include <vector>

#include "sim/callback.h"
#include "sim/units.h"
#include "transport/message.h"

namespace transport {

// One message on its way. The caller owns it and keeps it in place from send() until it fires, which
// is when the last byte has arrived.
struct Transfer : sim::Callback {
  NodeId from = 0;
  NodeId to = 0;
  sim::Bytes bytes = 0;
  // Filled by the fabric before firing.
  sim::Transit transit;
};

// Busy time of one port, for utilisation reports.
struct PortUse {
  std::string name;  // "oss3.tx", "leaf0.up"
  sim::Duration busy;  // transmitting, up to now
};

class Fabric {
 public:
  virtual ~Fabric() = default;
  // Sends transfer.bytes from transfer.from to transfer.to, beginning now. from != to.
  virtual void send(Transfer& transfer) = 0;
  // Every port that has carried anything, in a fixed order.
  virtual std::vector<PortUse> ports() = 0;
};

}  // namespace transport
