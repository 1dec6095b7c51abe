// A request as the server that carries it out sees it.
#pragma once

#include "sim/host.h"
#include "transport/message.h"

namespace transport {

class Server;
struct Request;

// What a server remembers of one connected client.
struct Export {
  Address client;
  std::uint32_t generation = 0;  // 0: disconnected, or evicted; nothing it sends is accepted
  // The connection that its client certainly has or had; answers about later ones may be lost.
  std::uint32_t known_from = 0;
  sim::TimePoint last_heard;
  sim::IntrusiveList<Request> requests;  // queued or under way, in order of arrival
  // The last reply of each of the client's slots that must not be produced twice, in case its
  // request comes again: as many as the client may have calls under way. No other reply can be
  // asked for, since a slot is used again only when its call has ended (Lustre: reply data by tag).
  struct Kept {
    std::uint64_t xid = 0;  // 0: none
    sim::Errc status = sim::Errc::ok;
    std::unique_ptr<Body> body;
    std::uint64_t transno = 0;  // of what the request changed
    bool recovered = false;     // from before a restart
  };
  std::vector<Kept> kept;  // by slot
};

// How NRS policies see a request.
struct NrsKey {
  std::uint64_t object = 0;
  sim::Bytes offset = 0;
  // Others wait for it: it goes before those that are not urgent (Lustre: high priority, for I/O
  // under a lock that is called back).
  bool urgent = false;
};

// From arrival to reply. Owned by the service that queues it, then by the thread that runs it; its
// links belong to its export's list.
struct Request : sim::ListNode, sim::Pooled {
  MessagePtr message;
  Export* client = nullptr;  // lives as long as the server
  Server* server = nullptr;
  NrsKey key;
  sim::TimePoint arrived;
  sim::Duration delayed;  // waited for something else before it came to its service
  sim::ServerTimes times;
  // What its target keeps for it until it has ended: a lock.
  std::shared_ptr<void> held;
  // Its client went away, was evicted, or has sent it again: no reply is sent for this copy, and
  // what it asks for must not be done any more.
  bool orphaned = false;

  const Header& header() const { return message->header; }
  // The body as the type that its opcode says it is.
  template <typename T>
  T& body() {
    return static_cast<T&>(*message->body);
  }
  // `charge(co_await host.perform(...))`: that visit was spent on this request.
  void charge(const sim::Station::Visit& visit) { times.cpu += visit.wait + visit.service; }
  // Fetches the bulk the client offers; the thread is held meanwhile. unreachable if the client
  // goes.
  sim::Task<sim::Result<Payload>> pull_bulk();
  // Sends bulk to the client and waits until it has arrived: ok, or unreachable.
  sim::Task<sim::Errc> push_bulk(Payload bulk);
};

// What a handler answers with. The body may be null when the status is not ok. The status is never
// bad_handle, by which a server tells a client that it does not know the connection.
struct Reply {
  sim::Errc status = sim::Errc::ok;
  std::unique_ptr<Body> body;
  // The reply is kept so that a resent request gets it again instead of being carried out twice.
  bool keep = false;
  // Data small enough to travel inside the reply; not kept.
  Payload bulk;
  // The request changed what the server keeps, and is lost with it if the server restarts soon.
  bool change = false;
};

// Carries out requests. One coroutine per request, on one of the service's threads.
class Handler {
 public:
  virtual ~Handler() = default;
  virtual sim::Task<Reply> handle(Request& request) = 0;
};

}  // namespace transport
