// A remote procedure call as its caller sees it.
#pragma once

#include <memory>

#include "sim/sync.h"
#include "transport/message.h"

namespace transport {

class Import;

// Permits of a semaphore, given back on destruction: an RPC slot, a share of a grant.
class Permit {
 public:
  Permit() = default;
  Permit(sim::Semaphore& semaphore, std::uint64_t n) : semaphore_(&semaphore), n_(n) {}
  Permit(Permit&& o) noexcept : semaphore_(std::exchange(o.semaphore_, nullptr)), n_(o.n_) {}
  Permit& operator=(Permit&& o) noexcept {
    if (this != &o) {
      release();
      semaphore_ = std::exchange(o.semaphore_, nullptr);
      n_ = o.n_;
    }
    return *this;
  }
  ~Permit() { release(); }
  void release() {
    if (semaphore_ != nullptr) {
      std::exchange(semaphore_, nullptr)->release(n_);
    }
  }

 private:
  sim::Semaphore* semaphore_ = nullptr;
  std::uint64_t n_ = 0;
};

// What came of a call. Status ok: the server carried it out, `body` is its reply (never null). Any
// other status from the server: refused, `body` may be null. timed_out, unreachable: not carried
// out as far as anyone can know and harmless if it was; unknown_outcome: it may or may not have
// been.
struct RpcReply {
  sim::Errc status = sim::Errc::io_error;
  std::unique_ptr<Body> body;
  Payload bulk;  // what the server sent
  sim::ServerTimes server;
  sim::RoundTrip transit;  // the request's as Message::transit says: with what its bulk took
  // The server has evicted this client or started anew after it gave this answer: what it kept for
  // the client with it, a lock, is gone.
  bool forgotten = false;
  std::uint64_t transno = 0;  // of what it changed; 0: nothing that the server may lose
};

struct CallOptions {
  Opcode opcode = 0;
  // The call may be carried out twice without harm. Otherwise a lost reply ends in unknown_outcome.
  bool idempotent = true;
  // It goes out without a connection, for it is what makes one.
  bool makes_connection = false;
  // `bulk` travels inside the request instead of being pulled (Lustre: short I/O).
  bool inline_bulk = false;
  // What the server may pull; kept until the call ends, also when its caller has gone.
  Payload bulk;
  // It changes something: if the server says so, it is kept until that is stable, to be sent again
  // if the server loses it.
  bool replays = false;
  // What `bulk` took the place of before it was sent, if anything: undone with it.
  std::shared_ptr<const Payload> superseded;
  // Completes the request that is kept by what its answer tells, so that a replay comes to the
  // same. Without an answer: the target has given this client up, and what the answer gave is gone.
  void (*amend)(Body& kept, const Body* answer) = nullptr;
  // What it made is in the target's memory only: it is kept when its change is stable too, until a
  // call that `ends` it, by its number, is (Lustre: an open file, until its close).
  bool lasting = false;
  std::uint64_t ends = 0;
  // Held until the server answers or the connection is given up, also when its caller has gone.
  Permit slot;
};

// A call between its sending and its end. Owned by the client's table, not by the caller: a
// cancelled caller leaves it behind, and it goes on holding its slot and its bulk.
class PendingRpc : public sim::ListNode, public sim::Pooled {
 public:
  std::uint64_t xid = 0;
  std::uint32_t slot_index = 0;
  std::uint16_t slot = 0;  // of the import's; see Header
  Import* import = nullptr;
  sim::QueuedWaiter* waiter = nullptr;  // null: nobody listens any more, or not yet
  bool abandoned = false;               // its caller has gone
  bool answered = false;
  std::uint64_t answered_in = 0;  // Import's count of upheavals then
  sim::TimePoint deadline;
  CallOptions options;
  RpcReply reply;
  std::unique_ptr<Body> kept;  // a copy of the request, if it may have to be replayed
  bool replay = false;
  std::uint64_t transno = 0;  // of a replay
};

}  // namespace transport
