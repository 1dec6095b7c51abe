// A client's side of one target that holds objects: an OST, or an MDT for data on it.
#pragma once

#include <memory>
#include <optional>

#include "sim/frame_pool.h"
#include "stripe/client/context.h"
#include "stripe/client/grant.h"
#include "stripe/layout/split.h"
#include "stripe/protocol/ost_messages.h"

namespace stripe {

// What came of one transfer RPC.
struct Transfer {
  sim::Errc status = sim::Errc::ok;
  transport::Payload data;  // of a read: the ranges, each cut at the object's end
  Few<sim::Bytes> lengths;  // of a read: how much of each range there was
  ObjectInfo info;          // the object afterwards
  sim::Timeline timeline;
};

// Those of the parts of one request, and the calls that make them.
using Transfers = sim::PooledVector<Transfer>;
using TransferTasks = sim::PooledVector<sim::Task<Transfer>>;

// The locks of a client on one target's objects, if it uses any.
class ObjectLocks {
 public:
  virtual ~ObjectLocks() = default;
  // An object's attributes, with what other clients have not written back.
  virtual sim::Task<Transfer> glimpse(ObjectId object) = 0;
  // What the target said of an object: `exact` if nothing that this client did can be newer.
  virtual void learned(ObjectId object, const ObjectInfo& info, bool exact) = 0;
  // A write or a punch of this client was answered; it changed the object `changes` times.
  virtual void changed(ObjectId object, const ObjectInfo& info, std::uint64_t changes, bool punch) {
    static_cast<void>(changes);
    learned(object, info, punch);
  }
};

// What a write RPC rests on.
struct WriteTerms {
  bool server_lock = false;  // the server locks the ranges for the time of the call
  sim::Bytes granted = 0;    // of the grant, reserved for them
  // The import's evictions when the client's locks allowed the write: it is not sent if there have
  // been more since, but ends as evicted. Nothing: it rests on no lock.
  std::optional<std::uint64_t> evictions;
  // What the client wrote to these places before, and would have written there but for this.
  std::shared_ptr<const transport::Payload> superseded;
};

class Osc {
 public:
  // `name` names the target ("OST0003").
  Osc(ClientContext& context, transport::Address target, std::string name);
  // For data on an MDT: over the connection to it. Both must outlive the Osc, and the slots that
  // connection, whose calls hold them to the last.
  Osc(ClientContext& context, transport::Import& mdt, sim::Semaphore& slots);

  // From now on attributes are asked for through `locks`, which outlive the Osc's use.
  void set_locks(ObjectLocks* locks) { locks_ = locks; }

  // `server_lock`: the server locks the ranges for the time of the call.
  sim::Task<Transfer> read(ObjectId object, Niobufs ranges, bool server_lock = false);
  // The ranges of `data`, one behind the other; `mtime_ns` as in OST_WRITE.
  sim::Task<Transfer> write(ObjectId object, Niobufs ranges, transport::Payload data,
                            std::int64_t mtime_ns, WriteTerms terms = {});
  sim::Task<Transfer> getattr(ObjectId object);
  // The same, past the locks.
  sim::Task<Transfer> ask(ObjectId object);
  sim::Task<Transfer> punch(ObjectId object, sim::Bytes size, std::int64_t mtime_ns);
  sim::Task<Transfer> sync(ObjectId object);

  transport::Import& import() { return import_; }
  // No RPC to the target is under way.
  bool all_slots_free() const;
  // Bytes that may still become dirty for this target.
  sim::Semaphore& dirty_room() { return dirty_room_; }
  ClientGrant& grant() { return grant_; }

 private:
  template <typename Request, typename Reply>
  sim::Task<Transfer> simple(std::unique_ptr<Request> request, bool idempotent);
  void note_write(const transport::RpcReply& reply, sim::Bytes granted);
  sim::Task<void> shrink_when_idle();
  sim::Task<void> give_back(sim::Bytes excess);

  ClientContext& context_;
  const std::string name_;
  std::unique_ptr<sim::Semaphore> own_slots_;  // goes after the import, whose calls hold them
  sim::Semaphore& slots_;
  std::unique_ptr<transport::Import> own_import_;
  transport::Import& import_;
  sim::Semaphore dirty_room_;
  ClientGrant grant_;
  sim::TimePoint last_write_;
  bool shrinking_ = false;
  ObjectLocks* locks_ = nullptr;
  sim::TaskGroup tasks_;
};

}  // namespace stripe
