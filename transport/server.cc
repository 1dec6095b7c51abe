#include "transport/server.h"

namespace transport {
namespace {
// A client may have this many state-changing calls under way (Lustre: 8 per client on an MDT), so
// this many replies are kept for it.
constexpr std::size_t kKeptReplies = 16;
}  // namespace

Server::Server(sim::Loop& loop, Network& network, Address address, Router& router)
    : loop_(loop), network_(network), address_(address), router_(router) {
  network_.attach(address_, *this);
}

Server::~Server() { network_.detach(address_); }

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
  if (message->header.resent && answer_again(*message, client)) {
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
  message->header.status = status;
  message->header.transit = request.transit;
  message->body = std::move(body);
  network_.send(std::move(message));
}

void Server::reply(Request& request, Reply reply) {
  if (reply.keep) {
    keep(*request.client, request.header().xid, reply.status, reply.body.get());
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
  network_.send(std::move(message));
}

void Server::keep(Export& client, std::uint64_t xid, sim::Errc status, const Body* body) {
  if (client.kept.size() == kKeptReplies) {
    client.kept.erase(client.kept.begin());
  }
  client.kept.push_back({xid, status, body != nullptr ? body->clone() : nullptr});
}

bool Server::answer_again(const Message& request, const Export& client) {
  for (const Export::Kept& kept : client.kept) {
    if (kept.xid == request.header.xid) {
      answer(request, kept.status, kept.body ? kept.body->clone() : nullptr);
      return true;
    }
  }
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
  for (const auto& [client, exported] : exports_) {
    if (client.node != peer) {
      continue;
    }
    const std::uint64_t address = bulk_key(client, 0).first;
    for (const auto& [key, wait] : bulk_waits_) {
      if (key.first == address) {
        lost.push_back(wait);
      }
    }
  }
  std::ranges::sort(lost, {},
                    [](const BulkWait* wait) { return std::pair(wait->client_, wait->xid_); });
  for (BulkWait* wait : lost) {
    bulk_waits_.erase(bulk_key(wait->client_, wait->xid_));
    wait->wake();
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

Server::BulkWait::BulkWait(Server& server, const Request& request, MessageKind expected)
    : QueuedWaiter(server.loop_),
      server_(server),
      client_(request.message->from),
      xid_(request.header().xid),
      expected_(expected) {}

Server::BulkWait::~BulkWait() {
  const auto found = server_.bulk_waits_.find(bulk_key(client_, xid_));
  if (found != server_.bulk_waits_.end() && found->second == this) {
    server_.bulk_waits_.erase(found);
  }
}

void Server::BulkWait::await_suspend(std::coroutine_handle<> h) {
  suspend(loop_, h, "a client's bulk");
  BulkWait*& wait = server_.bulk_waits_[bulk_key(client_, xid_)];
  if (wait != nullptr) {
    wait->wake();  // the request was sent again and its newer copy takes over: the older one ends
  }
  wait = this;
}

}  // namespace transport
