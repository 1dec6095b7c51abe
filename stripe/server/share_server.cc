#include "stripe/server/share_server.h"

#include <utility>

namespace stripe {
namespace {

cachemodel::LeaseFile key_of(const Fid& file) { return {file.seq, file.oid}; }

cachemodel::LeaseClient id_of(transport::Address client) {
  return (std::uint64_t{client.node} << 32 | client.port) + 1;
}
transport::Address address_of(cachemodel::LeaseClient client) {
  return {static_cast<transport::NodeId>((client - 1) >> 32),
          static_cast<std::uint32_t>(client - 1)};
}

transport::Reply refuse(sim::Errc status) { return {status, nullptr, false, {}}; }

}  // namespace

ShareServer::ShareServer(sim::Loop& loop, transport::Network& network, transport::Address address,
                         sim::Host& host, std::shared_ptr<ShareTable> table, ShareOptions options)
    : loop_(loop),
      host_(host),
      table_(std::move(table)),
      options_(options),
      server_(loop, network, address, *this),
      service_(loop, "share", options.threads, transport::make_fifo(), *this) {
  server_.evict_silent(sim::seconds(150));
}

transport::Service* ShareServer::route(const transport::Message& request, transport::NrsKey&) {
  switch (request.header.opcode) {
    case kShareOpen:
    case kShareClose:
    case kShareWrite:
      return &service_;
    default:
      return nullptr;
  }
}

void ShareServer::client_gone(transport::Address client) {
  table_->leases.forget(id_of(client));
  table_->homes.erase(id_of(client));
}

sim::Task<transport::Reply> ShareServer::handle(transport::Request& request) {
  switch (request.header().opcode) {
    case kShareOpen:
      return open(request);
    case kShareClose:
      return close(request);
    default:
      return write(request);
  }
}

sim::Task<void> ShareServer::look_up(transport::Request& request, sim::Duration work) {
  request.charge(co_await host_.perform_for(work));
  if (options_.table > sim::Duration()) {
    co_await sim::sleep_for(loop_, options_.table);
    request.times.queue += options_.table;
  }
}

sim::Task<transport::Reply> ShareServer::open(transport::Request& request) {
  const Fid file = request.body<ShareOpenRequest>().file;
  co_await look_up(request, options_.open);
  if (!file.valid()) {
    co_return refuse(sim::Errc::invalid_argument);
  }
  if (request.orphaned) {
    co_return refuse(sim::Errc::evicted);
  }
  const cachemodel::LeaseClient client = id_of(request.message->from);
  table_->homes[client] = this;
  const sim::TimePoint began = loop_.now();
  co_await carry_out(file, table_->leases.open(key_of(file), client));
  request.times.queue += loop_.now() - began;
  auto reply = std::make_unique<ShareOpenReply>();
  reply->level = table_->leases.grant(key_of(file), client);
  co_return transport::Reply{sim::Errc::ok, std::move(reply), true, {}};
}

sim::Task<transport::Reply> ShareServer::close(transport::Request& request) {
  const Fid file = request.body<ShareCloseRequest>().file;
  co_await look_up(request, options_.other);
  if (!table_->leases.close(key_of(file), id_of(request.message->from))) {
    co_return refuse(sim::Errc::not_found);
  }
  co_return transport::Reply{sim::Errc::ok, std::make_unique<ShareCloseReply>(), true, {}};
}

sim::Task<transport::Reply> ShareServer::write(transport::Request& request) {
  const auto& body = request.body<ShareWriteRequest>();
  const Fid file = body.file;
  const bool begins = body.begins;
  co_await look_up(request, options_.other);
  const cachemodel::LeaseClient client = id_of(request.message->from);
  if (!table_->leases.is_open(key_of(file), client)) {
    co_return refuse(sim::Errc::not_found);
  }
  if (begins) {
    const sim::TimePoint began = loop_.now();
    co_await carry_out(file, table_->leases.begin_write(key_of(file), client));
    request.times.queue += loop_.now() - began;
  } else {
    table_->leases.end_write(key_of(file), client);
  }
  co_return transport::Reply{sim::Errc::ok, std::make_unique<ShareWriteReply>(), true, {}};
}

sim::Task<void> ShareServer::carry_out(Fid file, std::vector<cachemodel::LeaseBreak> breaks) {
  std::vector<sim::Task<void>> tasks;
  for (const cachemodel::LeaseBreak& lease : breaks) {
    const auto home = table_->homes.find(lease.client);
    if (home != table_->homes.end()) {
      tasks.push_back(home->second->break_one(file, lease));
    }
  }
  co_await sim::when_all(loop_, tasks);
}

sim::Task<void> ShareServer::break_one(Fid file, cachemodel::LeaseBreak lease) {
  ++breaks_;
  auto body = std::make_unique<ShareBreakRequest>();
  body->file = file;
  body->to = lease.to;
  static_cast<void>(co_await server_.call_back(address_of(lease.client), kShareBreak,
                                               std::move(body), options_.break_timeout));
  table_->leases.lower(key_of(file), lease.client, lease.to);
}

}  // namespace stripe
