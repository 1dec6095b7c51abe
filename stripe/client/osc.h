// A client's side of one target that holds objects: an OST, or an MDT for data on it.
#pragma once

#include <memory>

#include "stripe/client/context.h"
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

class Osc {
 public:
  // `name` names the target ("OST0003").
  Osc(ClientContext& context, transport::Address target, std::string name);
  // For data on an MDT: over the connection to it. Both must outlive the Osc, and the slots that
  // connection, whose calls hold them to the last.
  Osc(ClientContext& context, transport::Import& mdt, sim::Semaphore& slots);

  sim::Task<Transfer> read(ObjectId object, Niobufs ranges);
  // The ranges of `data`, one behind the other.
  sim::Task<Transfer> write(ObjectId object, Niobufs ranges, transport::Payload data);
  sim::Task<Transfer> getattr(ObjectId object);
  sim::Task<Transfer> punch(ObjectId object, sim::Bytes size);
  sim::Task<Transfer> sync(ObjectId object);

  transport::Import& import() { return import_; }
  // No RPC to the target is under way.
  bool all_slots_free() const;
  // Bytes that may still become dirty for this target.
  sim::Semaphore& dirty_room() { return dirty_room_; }

 private:
  template <typename Request, typename Reply>
  sim::Task<Transfer> simple(Request request, bool idempotent);

  ClientContext& context_;
  const std::string name_;
  std::unique_ptr<sim::Semaphore> own_slots_;  // goes after the import, whose calls hold them
  sim::Semaphore& slots_;
  std::unique_ptr<transport::Import> own_import_;
  transport::Import& import_;
  sim::Semaphore dirty_room_;
};

}  // namespace stripe
