#include "transport/server.h"

namespace transport {
Server::Server(sim::Loop& loop, Network& network, Address address, Router& router)
    : WaitPlace(loop), loop_(loop), network_(network), address_(address), router_(router) {
  network_.attach(address_, *this);
  bulk_timer_.fire = &Server::bulk_overdue;
  bulk_timer_.server = this;
}

Server::~Server() {
  network_.detach(address_);
  if (bulk_timer_.armed) {
    loop_.cancel(bulk_timer_.due, bulk_timer_);
  }
}

void Server::tell(std::vector<Wait>& waits) const {
  by_deadline_.for_each([&](const BulkWait& wait) {
    waits.push_back({wait.root(), "a client's bulk"});
  });
}

void Server::receive(MessagePtr message) {
  switch (message->header.kind) {
    case MessageKind::request:
      on_request(std::move(message));
      break;
    case MessageKind::bulk_put:
    case MessageKind::bulk_ack:
      on_bulk(std::move(message));
      break;
    case MessageKind::bulk_get:
    case MessageKind::reply:
      ++refused_;  // clients send none
      break;
  }
}

void Server::on_request(MessagePtr message) {
  if (message->header.opcode == kConnect) {
    on_connect(*message);
    return;
  }
  const auto found = exports_.find(message->from);
  if (found == exports_.end() || found->second->generation != message->header.generation) {
    ++refused_;
    answer(*message, sim::Errc::bad_handle, nullptr);
    return;
  }
  Export& client = *found->second;
  client.last_heard = loop_.now();
  if (message->header.opcode == kDisconnect) {
    return;  // the export stays: requests already here still refer to it
  }
  if (message->header.resent &&
      (answer_again(*message, client) || first_copy_answers(*message, client))) {
    return;
  }
  NrsKey key;
  Service* service = message->body ? router_.route(*message, key) : nullptr;
  if (service == nullptr) {
    ++refused_;
    answer(*message, sim::Errc::not_supported, nullptr);
    return;
  }
  auto request = std::make_unique<Request>();
  request->message = std::move(message);
  request->client = &client;
  request->server = this;
  request->key = key;
  client.requests.push_back(*request);
  service->submit(std::move(request));
}

void Server::on_connect(const Message& request) {
  std::unique_ptr<Export>& client = exports_[request.from];
  if (!client) {
    client = std::make_unique<Export>();
    client->client = request.from;
  }
  client->generation = ++generations_;
  client->last_heard = loop_.now();
  auto body = std::make_unique<ConnectReply>();
  body->generation = client->generation;
  answer(request, sim::Errc::ok, std::move(body));
}

void Server::answer(const Message& request, sim::Errc status, std::unique_ptr<Body> body) {
  auto message = std::make_unique<Message>();
  message->from = address_;
  message->to = request.from;
  message->header.kind = MessageKind::reply;
  message->header.opcode = request.header.opcode;
  message->header.xid = request.header.xid;
  message->header.generation = request.header.generation;
  message->header.status = status;
  message->header.transit = request.transit;
  message->body = std::move(body);
  network_.send(std::move(message));
}

void Server::reply(Request& request, Reply reply) {
  sim::check(reply.status != sim::Errc::bad_handle, "a handler answered bad_handle");
  if (reply.keep) {
    keep(*request.client, request.header(), reply);
  }
  request.unlink();
  if (request.orphaned) {
    return;
  }
  auto message = std::make_unique<Message>();
  message->from = address_;
  message->to = request.message->from;
  message->header.kind = MessageKind::reply;
  message->header.opcode = request.header().opcode;
  message->header.xid = request.header().xid;
  message->header.status = reply.status;
  message->header.server = request.times;
  message->header.transit = request.message->transit;
  message->body = std::move(reply.body);
  message->bulk = std::move(reply.bulk);
  network_.send(std::move(message));
}

void Server::keep(Export& client, const Header& request, const Reply& reply) {
  if (request.slot >= client.kept.size()) {
    client.kept.resize(request.slot + std::size_t{1});
  }
  Export::Kept& kept = client.kept[request.slot];
  // A call that its client gave up may end here after the next one of its slot.
  if (kept.xid < request.xid) {
    kept = {request.xid, reply.status, reply.body ? reply.body->clone() : nullptr};
  }
}

bool Server::answer_again(const Message& request, const Export& client) {
  const std::size_t slot = request.header.slot;
  if (request.header.xid == 0 || slot >= client.kept.size() ||
      client.kept[slot].xid != request.header.xid) {
    return false;
  }
  const Export::Kept& kept = client.kept[slot];
  answer(request, kept.status, kept.body ? kept.body->clone() : nullptr);
  return true;
}

bool Server::first_copy_answers(const Message& request, Export& client) {
  const Request* first = nullptr;
  client.requests.for_each([&](const Request& r) {
    if (r.header().xid == request.header.xid && !r.orphaned) {
      first = &r;
    }
  });
  if (first == nullptr) {
    return false;
  }
  const auto waiting = bulk_waits_.find(bulk_key(request.from, request.header.xid));
  if (waiting == bulk_waits_.end()) {
    return true;
  }
  give_up(*waiting->second);
  return false;
}

void Server::on_bulk(MessagePtr message) {
  const auto found = bulk_waits_.find(bulk_key(message->from, message->header.xid));
  if (found == bulk_waits_.end() || found->second->expected_ != message->header.kind) {
    ++refused_;
    return;
  }
  BulkWait& wait = *found->second;
  bulk_waits_.erase(found);
  wait.message_ = std::move(message);
  wait.wake();
}

void Server::disconnected(NodeId peer) {
  std::vector<BulkWait*> lost;
  by_deadline_.for_each([&](BulkWait& wait) {
    if (wait.request_.client->client.node == peer) {
      lost.push_back(&wait);
    }
  });
  for (BulkWait* wait : lost) {
    give_up(*wait);
  }
  router_.disconnected(peer);
}

void Server::give_up(BulkWait& wait) {
  bulk_waits_.erase(wait.key_);
  wait.request_.orphaned = true;
  wait.wake();
}

void Server::arm(sim::TimePoint due) {
  bulk_timer_.armed = true;
  bulk_timer_.due = due;
  loop_.at(due, bulk_timer_);
}

// All waits have the same limit, so the list is in order of deadline and one timer is enough.
void Server::bulk_overdue(sim::Callback& callback) {
  auto& timer = static_cast<Timer&>(callback);
  Server& self = *timer.server;
  timer.armed = false;
  while (!self.by_deadline_.empty() && self.by_deadline_.front().deadline_ <= self.loop_.now()) {
    self.give_up(self.by_deadline_.front());
  }
  if (!self.by_deadline_.empty()) {
    self.arm(self.by_deadline_.front().deadline_);
  }
}

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
  const auto found = server_.bulk_waits_.find(key_);
  if (found != server_.bulk_waits_.end() && found->second == this) {
    server_.bulk_waits_.erase(found);
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
