#include "transport/endpoint.h"

#include "transport/import.h"

namespace transport {
namespace {
// An xid is a running number with the table's index below it: unique, and found without a search.
constexpr int kSlotBits = 24;
constexpr std::uint64_t kSlotMask = (std::uint64_t{1} << kSlotBits) - 1;
}  // namespace

Endpoint::Endpoint(sim::Loop& loop, Network& network, Address address)
    : loop_(loop),
      network_(network),
      address_(address),
      calls_(static_cast<std::uint64_t>(loop.now().ns()) / 1000) {
  network_.attach(address_, *this);
}

Endpoint::~Endpoint() { network_.detach(address_); }

PendingRpc& Endpoint::open(Import& import, CallOptions options) {
  if (free_slots_.empty()) {
    sim::check(slots_.size() < kSlotMask, "a client has too many calls under way");
    free_slots_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const std::uint32_t index = free_slots_.back();
  free_slots_.pop_back();
  slots_[index] = std::make_unique<PendingRpc>();
  PendingRpc& rpc = *slots_[index];
  rpc.xid = (++calls_ << kSlotBits) | index;
  rpc.slot_index = index;
  rpc.import = &import;
  rpc.slot = import.take_slot();
  rpc.options = std::move(options);
  ++live_;
  return rpc;
}

void Endpoint::release(PendingRpc& rpc) {
  const std::uint32_t index = rpc.slot_index;
  rpc.import->give_slot(rpc.slot);
  slots_[index].reset();
  free_slots_.push_back(index);
  --live_;
}

void Endpoint::send(MessagePtr message) {
  message->from = address_;
  network_.send(std::move(message));
}

void Endpoint::answer(const Message& request, sim::Errc status, std::unique_ptr<Body> body) {
  auto reply = std::make_unique<Message>();
  reply->to = request.from;
  reply->header.kind = MessageKind::reply;
  reply->header.opcode = request.header.opcode;
  reply->header.xid = request.header.xid;
  reply->header.status = status;
  reply->header.transit = request.transit;
  reply->body = std::move(body);
  send(std::move(reply));
}

void Endpoint::add(Import& import) { imports_.push_back(&import); }
void Endpoint::remove(Import& import) { std::erase(imports_, &import); }

PendingRpc* Endpoint::find(std::uint64_t xid) {
  const std::uint64_t index = xid & kSlotMask;
  if (index >= slots_.size() || !slots_[index] || slots_[index]->xid != xid) {
    return nullptr;
  }
  return slots_[index].get();
}

void Endpoint::receive(MessagePtr message) {
  if (message->header.kind == MessageKind::request) {
    if (callback_handler_ != nullptr) {
      callback_handler_->callback(std::move(message));
    }
    return;
  }
  PendingRpc* rpc = find(message->header.xid);
  if (rpc == nullptr || rpc->answered || message->from != rpc->import->target()) {
    return;
  }
  switch (message->header.kind) {
    case MessageKind::bulk_get:
      send_bulk(*rpc, *message);
      break;
    case MessageKind::bulk_put: {
      rpc->reply.bulk = std::move(message->bulk);
      auto ack = std::make_unique<Message>();
      ack->to = message->from;
      ack->header.kind = MessageKind::bulk_ack;
      ack->header.xid = rpc->xid;
      ack->header.transit = message->transit;
      send(std::move(ack));
      break;
    }
    case MessageKind::reply:
      if (message->header.opcode == rpc->options.opcode &&
          (message->body || message->header.status != sim::Errc::ok || rpc->replay)) {
        rpc->import->answer(*rpc, std::move(message));
      }
      break;
    case MessageKind::request:
    case MessageKind::bulk_ack:
      break;  // a server sends none
  }
}

void Endpoint::send_bulk(const PendingRpc& rpc, const Message& wanted) {
  auto put = std::make_unique<Message>();
  put->to = wanted.from;
  put->header.kind = MessageKind::bulk_put;
  put->header.xid = rpc.xid;
  put->header.transit = wanted.transit;
  put->bulk = rpc.options.bulk.clone();
  send(std::move(put));
}

void Endpoint::disconnected(NodeId peer) {
  for (Import* import : imports_) {
    if (import->target().node == peer) {
      import->connection_lost();
    }
  }
}

}  // namespace transport
