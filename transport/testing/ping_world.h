// A target that answers pings and a client that sends them, over a loopback network.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "transport/import.h"
#include "transport/server.h"
#include "transport/testing/loopback_network.h"
#include "transport/testing/ping_protocol.h"

namespace transport::testing {

inline constexpr Address kServerAddress{0, 1};
inline constexpr Address kClientAddress{1, 1};

// Does what pings ask for and remembers in which order they got a thread.
class PingTarget final : Handler, Router {
 public:
  PingTarget(sim::Loop& loop, Network& network, std::uint32_t threads,
             std::string_view nrs = "fifo")
      : server(loop, network, kServerAddress, *this),
        service(loop, "pings", threads, make_nrs(nrs), *this) {}

  Server server;
  std::vector<std::uint64_t> started;  // numbers of the pings, in order
  std::vector<sim::ServerTimes> times;
  std::size_t under_way = 0;
  std::size_t most_under_way = 0;
  std::size_t finished = 0;
  Service service;

 private:
  Service* route(const Message& request, NrsKey& key) override {
    if (request.header.opcode != kPing) {
      return nullptr;
    }
    const auto& ping = static_cast<const PingRequest&>(*request.body);
    key = {ping.object, ping.offset};
    return &service;
  }
  sim::Task<Reply> handle(Request& request) override {
    auto& ping = request.body<PingRequest>();
    started.push_back(ping.number);
    times.push_back(request.times);
    most_under_way = std::max(most_under_way, ++under_way);
    auto reply = std::make_unique<PingReply>();
    reply->number = ping.number;
    sim::Errc status = sim::Errc::ok;
    if (ping.work > sim::Duration()) {
      co_await sim::sleep_for(server.loop(), ping.work);
    }
    if (ping.pull) {
      const sim::Result<Payload> bulk = co_await request.pull_bulk();
      status = bulk.code();
      reply->pulled = bulk.ok() ? bulk->size() : 0;
    }
    if (ping.push > 0) {
      status = co_await request.push_bulk(Payload::unknown(ping.push));
    }
    --under_way;
    ++finished;
    co_return Reply{status, std::move(reply), ping.keep, Payload()};
  }
};

// One loop, one network, one client with one import. The target is made and killed by the test.
struct PingWorld {
  explicit PingWorld(ImportOptions options = ImportOptions(), sim::Duration delay = sim::seconds(0))
      : network(loop, delay), import(endpoint, kServerAddress, "PING0000", options) {}

  void start_target(std::uint32_t threads, std::string_view nrs = "fifo") {
    target.reset();
    target = std::make_unique<PingTarget>(loop, network, threads, nrs);
  }
  // Sends `request` in a slot of the import, in a task of its own; the reply goes to `replies`.
  void ping(PingRequest request, CallOptions options = CallOptions()) {
    callers.spawn(call(std::move(request), std::move(options)), "a caller");
  }
  sim::Task<void> call(PingRequest request, CallOptions options) {
    co_await import.slots().acquire();
    options.slot = Permit(import.slots(), 1);
    options.opcode = kPing;
    replies.push_back(co_await import.call(std::move(request), std::move(options)));
  }
  // Until all callers have their reply.
  sim::Status run() { return sim::run_virtual(loop); }
  // Everything that is going to happen by `span` from now.
  void run_for(sim::Duration span) {
    const sim::TimePoint end = loop.now() + span;
    while (loop.step(end)) {
    }
    loop.advance_to(end);
  }
  std::uint64_t sent(MessageKind kind, Opcode opcode) const { return network.sent(kind, opcode); }

  sim::Loop loop{1};
  LoopbackNetwork network;
  Endpoint endpoint{loop, network, kClientAddress};
  Import import;
  std::unique_ptr<PingTarget> target;
  std::vector<RpcReply> replies;
  sim::TaskGroup callers{loop};
};

}  // namespace transport::testing
