#include "transport/request.h"

#include "transport/server.h"

namespace transport {

namespace {

// What the processors of both sides paid for the server's message `there` and the client's answer.
void charge_processors(sim::Transit& account, const sim::Transit& there,
                       const sim::Transit& answer) {
  account.sender_cpu += there.receiver_cpu + answer.sender_cpu;
  account.receiver_cpu += there.sender_cpu + answer.receiver_cpu;
}

}  // namespace

sim::Task<sim::Result<Payload>> Request::pull_bulk() {
  server->send_to_client(*this, MessageKind::bulk_get, Payload());
  const MessagePtr answer = co_await Server::BulkWait(*server, *this, MessageKind::bulk_put);
  if (!answer) {
    co_return sim::Error{sim::Errc::unreachable, "the client went away during its write"};
  }
  // Fetching the data counts as the request's way, like the request.
  const sim::Transit& get = answer->header.transit;
  const sim::Transit& put = answer->transit;
  sim::Transit& account = message->transit;
  charge_processors(account, get, put);
  account.nic += put.nic;
  account.fabric += get.nic + get.fabric + put.fabric;
  server->pulled(*this, answer->bulk.size());
  co_return std::move(answer->bulk);
}

sim::Task<sim::Errc> Request::push_bulk(Payload bulk) {
  server->send_to_client(*this, MessageKind::bulk_put, std::move(bulk));
  const MessagePtr answer = co_await Server::BulkWait(*server, *this, MessageKind::bulk_ack);
  if (!answer) {
    co_return sim::Errc::unreachable;
  }
  charge_processors(message->transit, answer->header.transit, answer->transit);
  co_return sim::Errc::ok;
}

}  // namespace transport
