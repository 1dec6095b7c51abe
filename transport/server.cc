#include "transport/server.h"

namespace transport {
Server::Server(sim::Loop& loop, Network& network, Address address, Router& router)
    : WaitPlace(loop),
      loop_(loop),
      network_(network),
      address_(address),
      router_(router),
      instance_(static_cast<std::uint64_t>(loop.now().ns()) + 1),
      generations_(static_cast<std::uint32_t>(loop.now().ns() / 1'000'000)),
      client_calls_(loop, network, address) {
  network_.attach(address_, *this);
  bulk_timer_.fire = &Server::bulk_overdue;
  silence_timer_.fire = &Server::silence_over;
  bulk_timer_.server = silence_timer_.server = this;
  recovery_end_.fire = &Server::recovery_over;
  recovery_end_.server = this;
}

Server::~Server() {
  network_.detach(address_);
  if (recovery_end_.posted) {
    loop_.cancel(recovery_end_.posted_at, recovery_end_);
  }
  for (Timer* timer : {&bulk_timer_, &silence_timer_}) {
    if (timer->armed) {
      loop_.cancel(timer->due, *timer);
    }
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
    case MessageKind::reply:
      if (!client_calls_.answered(std::move(message))) {
        ++refused_;
      }
      break;
    case MessageKind::bulk_get:
      ++refused_;  // clients send none
      break;
  }
}

void Server::on_request(MessagePtr message) {
  if (message->header.opcode == kConnect) {
    on_connect(std::move(message));
    return;
  }
  const auto found = exports_.find(message->from);
  if (found == exports_.end() || found->second->generation == 0 ||
      found->second->generation != message->header.generation) {
    ++refused_;
    answer(*message, sim::Errc::bad_handle, nullptr);
    return;
  }
  Export& client = *found->second;
  client.last_heard = loop_.now();
  if (message->header.opcode == kDisconnect) {
    end_export(client);
    if (recovery_) {
      recovery_->gone(client.client);
    }
    return;
  }
  if (message->header.opcode == kPing) {
    on_ping(std::move(message));
    return;
  }
  if (message->header.resent &&
      (answer_again(*message, client) || first_copy_answers(*message, client))) {
    return;
  }
  if (!wait_for_recovery(message)) {
    carry_out(std::move(message), client);
  }
}

void Server::carry_out(MessagePtr message, Export& client) {
  NrsKey key;
  Service* service = message->body ? router_.route(*message, key) : nullptr;
  if (service == nullptr) {
    ++refused_;
    answer(*message, sim::Errc::not_supported, nullptr);
    if (recovery_ && message->header.transno != 0) {
      recovery_->replayed(message->from);
    }
    return;
  }
  auto request = std::make_unique<Request>();
  request->message = std::move(message);
  request->client = &client;
  request->server = this;
  request->key = key;
  client.requests.push_back(*request);
  request = router_.hold_back(std::move(request), *service);
  if (request) {
    service->submit(std::move(request));
  }
}

void Server::answer(const Message& request, sim::Errc status, std::unique_ptr<Body> body,
                    std::uint64_t change) {
  auto message = std::make_unique<Message>();
  message->from = address_;
  message->to = request.from;
  message->header.kind = MessageKind::reply;
  message->header.opcode = request.header.opcode;
  message->header.xid = request.header.xid;
  message->header.generation = request.header.generation;
  message->header.status = status;
  message->header.transno = change;
  message->header.last_committed = committed_;
  message->header.transit = request.transit;
  message->body = std::move(body);
  network_.send(std::move(message));
}

void Server::reply(Request& request, Reply reply) {
  sim::check(reply.status != sim::Errc::bad_handle, "a handler answered bad_handle");
  const std::uint64_t change = number(request, reply);
  if (reply.keep) {
    keep(*request.client, request.header(), reply, change);
  }
  request.unlink();
  if (!request.orphaned) {
    send_reply(request, std::move(reply), change);
  }
  if (recovery_ && request.header().transno != 0) {
    recovery_->replayed(request.message->from);
  }
}

// What a request changed has a number, whether anybody hears of it or not.
std::uint64_t Server::number(const Request& request, const Reply& reply) {
  if (!reply.change || reply.status != sim::Errc::ok || !changed_) {
    return 0;
  }
  const bool replay = request.header().replay;
  const std::uint64_t number = replay ? request.header().transno : last_change_ + 1;
  replayed_ = replay ? std::max(replayed_, number) : replayed_;
  last_change_ = std::max(last_change_, number);
  changed_();
  return number;
}

void Server::send_reply(const Request& request, Reply reply, std::uint64_t change) {
  auto message = std::make_unique<Message>();
  message->from = address_;
  message->to = request.message->from;
  message->header.kind = MessageKind::reply;
  message->header.opcode = request.header().opcode;
  message->header.xid = request.header().xid;
  message->header.status = reply.status;
  message->header.transno = change;
  message->header.last_committed = committed_;
  message->header.server = request.times;
  message->header.transit = request.message->transit;
  message->body = std::move(reply.body);
  message->bulk = std::move(reply.bulk);
  network_.send(std::move(message));
}

void Server::keep(Export& client, const Header& request, const Reply& reply, std::uint64_t change) {
  if (request.slot >= client.kept.size()) {
    client.kept.resize(request.slot + std::size_t{1});
  }
  Export::Kept& kept = client.kept[request.slot];
  // A call that its client gave up may end here after the next one of its slot.
  if (kept.xid < request.xid) {
    kept = {request.xid, reply.status, reply.body ? reply.body->clone() : nullptr, change};
  }
}

bool Server::answer_again(const Message& request, const Export& client) {
  const std::size_t slot = request.header.slot;
  if (request.header.xid == 0 || slot >= client.kept.size() ||
      client.kept[slot].xid != request.header.xid) {
    return false;
  }
  const Export::Kept& kept = client.kept[slot];
  std::unique_ptr<Body> body = kept.body ? kept.body->clone() : nullptr;
  if (kept.recovered && body) {
    router_.reconstruct(request, *body);
  }
  answer(request, kept.status, std::move(body), kept.transno);
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
  client_calls_.lost(peer);
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

}  // namespace transport
