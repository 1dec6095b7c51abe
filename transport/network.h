// The seam between the stack and the wire.
#pragma once

#include "transport/message.h"

namespace transport {

// Takes delivered messages. Called from the loop; may send at once.
class Receiver {
 public:
  virtual ~Receiver() = default;
  virtual void receive(MessagePtr message) = 0;
  // The connection to `peer` is gone; what was under way to or from it may or may not have arrived.
  virtual void disconnected(NodeId peer) = 0;
};

// Carries messages between addresses. Messages from one address to another of the same kind class
// (control, bulk) arrive in order, whole, at most once, or the receiver hears `disconnected`.
class Network {
 public:
  virtual ~Network() = default;
  // From now on messages to `address` go to `receiver`, which must outlive the attachment.
  virtual void attach(Address address, Receiver& receiver) = 0;
  // Messages to `address` are dropped from now on, those on the way included.
  virtual void detach(Address address) = 0;
  // Queues the message and returns; `message->from` must be attached. Never calls a receiver
  // inline.
  virtual void send(MessagePtr message) = 0;
};

}  // namespace transport
