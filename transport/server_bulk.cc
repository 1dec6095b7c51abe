// A server's side of bulk transfers.
#include "transport/server.h"

namespace transport {

void Server::send_to_client(const Request& request, MessageKind kind, Payload bulk) {
  auto message = std::make_unique<Message>();
  message->from = address_;
  message->to = request.message->from;
  message->header.kind = kind;
  message->header.opcode = request.header().opcode;
  message->header.xid = request.header().xid;
  message->bulk = std::move(bulk);
  network_.send(std::move(message));
}

Server::BulkWait::BulkWait(Server& server, Request& request, MessageKind expected)
    : QueuedWaiter(server.loop_),
      server_(server),
      request_(request),
      key_(bulk_key(request.message->from, request.header().xid)),
      expected_(expected) {}

Server::BulkWait::~BulkWait() {
  if (linked()) {  // not woken: who wakes it has taken it out
    server_.bulk_waits_.erase(key_);
  }
}

void Server::BulkWait::await_suspend(std::coroutine_handle<> h) {
  suspend(h);
  const bool first = server_.bulk_waits_.emplace(key_, this).second;
  sim::check(first, "two copies of one request wait for its bulk");
  deadline_ = loop().now() + kBulkTimeout;
  server_.by_deadline_.push_back(*this);
  if (!server_.bulk_timer_.armed) {
    server_.arm(deadline_);
  }
}

}  // namespace transport
