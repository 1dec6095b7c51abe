#include "transport/request.h"

#include "transport/server.h"

namespace transport {

sim::Task<sim::Result<Payload>> Request::pull_bulk() {
  const sim::TimePoint asked = server->loop().now();
  server->send_to_client(*this, MessageKind::bulk_get, Payload());
  const MessagePtr answer = co_await Server::BulkWait(*server, *this, MessageKind::bulk_put);
  if (!answer) {
    co_return sim::Error{sim::Errc::unreachable, "the client went away during its write"};
  }
  if (answer->transit.nic + answer->transit.fabric > sim::Duration()) {
    // Where the network can tell, fetching the data counts as the request's way, like the request.
    message->transit.nic += answer->transit.nic;
    message->transit.fabric += server->loop().now() - asked - answer->transit.nic;
  }
  co_return std::move(answer->bulk);
}

sim::Task<sim::Status> Request::push_bulk(Payload bulk) {
  server->send_to_client(*this, MessageKind::bulk_put, std::move(bulk));
  const MessagePtr answer = co_await Server::BulkWait(*server, *this, MessageKind::bulk_ack);
  if (!answer) {
    co_return sim::Error{sim::Errc::unreachable, "the client went away during its read"};
  }
  co_return sim::Status();
}

}  // namespace transport
