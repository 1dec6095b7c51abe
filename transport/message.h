// What travels between nodes: a header the transport understands and a body it does not.
#pragma once

#include <cstdint>
#include <memory>

#include "sim/frame_pool.h"
#include "sim/timeline.h"
#include "sim/units.h"
#include "transport/payload.h"

namespace transport {

class Writer;

// A node of the cluster: one machine with its own network interface. Dense from 0.
using NodeId = std::uint32_t;

// A party on a node: a server target, or a client's mount.
struct Address {
  NodeId node = 0;
  std::uint32_t port = 0;
  auto operator<=>(const Address&) const = default;
};

// A request's or a reply's own fields. Heirs are plain structs (stripe/protocol); pooled, so that a
// message costs no general allocation.
class Body : public sim::Pooled {
 public:
  virtual ~Body() = default;
  // Bytes the modelled protocol puts on the wire for this message, headers included.
  virtual sim::Bytes wire_size() const = 0;
  virtual void encode(Writer& out) const = 0;
  // A copy; what a server keeps of a reply in case its request is sent again.
  virtual std::unique_ptr<Body> clone() const = 0;
};

enum class MessageKind : std::uint8_t {
  request,
  reply,
  bulk_get,  // server to client: send the bulk of your request `xid`
  bulk_put,  // bulk data, either way, for request `xid`
  bulk_ack,  // client to server: the bulk of `xid` has arrived
};

// Operation codes belong to the protocol above; zero is none.
using Opcode = std::uint16_t;

struct Header {
  MessageKind kind = MessageKind::request;
  Opcode opcode = 0;
  bool resent = false;           // this request was sent before; the server may have executed it
  std::uint32_t generation = 0;  // of the sender's connection; a stale one is refused
  std::uint64_t xid = 0;  // names the request among the sender's; echoed in all that belongs to it
  // In a request: which of its sender's slots at this target it holds. A sender uses a slot again
  // only when the call in it has ended, with a larger xid (Lustre: the tag of a modifying request).
  std::uint16_t slot = 0;
  // This request was carried out before its server started anew, and lost with what the server had
  // not made stable: it is to be done again.
  bool replay = false;
  // Of a request that changed what the server keeps: the number of the change, ascending in the
  // order of carrying out. In its reply; in a replayed request, what it was then. 0: none.
  std::uint64_t transno = 0;
  std::uint64_t last_committed = 0;  // in a reply: changes up to this number are stable
  sim::Errc status = sim::Errc::ok;  // in a reply: whether the request was carried out
  sim::ServerTimes server;           // in a reply: where the server's time went
  // In a reply and in a client's bulk_put or bulk_ack: how the message that it answers travelled,
  // if the network could tell.
  sim::Transit transit;
};

// Owned by exactly one party at a time: sender, network, receiver.
struct Message : sim::Pooled {
  Address from;
  Address to;
  Header header;
  std::unique_ptr<Body> body;  // request and reply only
  Payload bulk;                // bulk_put, and data inside a short request or reply
  // How it travelled: filled by the network on delivery, zero where it cannot tell. A server adds
  // to a request's what moving its bulk took: the client's processors as sender_cpu, its own as
  // receiver_cpu, and of bulk that it fetches also the way.
  sim::Transit transit;

  // What the network is charged for: header and body as modelled, and the bulk.
  sim::Bytes wire_size() const;
};
using MessagePtr = std::unique_ptr<Message>;

// LNet's header of 72 bytes and socklnd's 24 (Lustre 2.17): every message carries both.
inline constexpr sim::Bytes kLnetOverhead = 96;
// LNet moves bulk in fragments of 1 MiB, each with a header of its own.
inline constexpr sim::Bytes kLnetMtu = sim::kMiB;

inline sim::Bytes Message::wire_size() const {
  const sim::Bytes fragments =
      header.kind == MessageKind::bulk_put ? (bulk.size() + kLnetMtu - 1) / kLnetMtu : 1;
  const sim::Bytes headers = kLnetOverhead * (fragments == 0 ? 1 : fragments);
  return headers + (body ? body->wire_size() : 0) + bulk.size();
}

}  // namespace transport
