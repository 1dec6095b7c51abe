// An OST for the tests of the client, which a test can slow down or make fail.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <vector>

#include "stripe/protocol/ost_messages.h"
#include "transport/server.h"

namespace stripe {

// A request that came to an OST.
struct SeenRpc {
  transport::Opcode opcode = 0;
  std::uint32_t ost = 0;
  sim::Extent extent;  // of the object, from its first range to its last
  sim::Bytes bytes = 0;
  sim::TimePoint at;
};

// Keeps the contents of objects in order of arrival.
class FakeOst final : transport::Handler, transport::Router {
 public:
  FakeOst(sim::Loop& loop, transport::Network& network, std::uint32_t index)
      : index_(index),
        server_(loop, network, {0, index}, *this),
        service_(loop, "io", 1000, transport::make_fifo(), *this) {}

  sim::Duration delay;                             // of each request, before it has an effect
  sim::Duration reply_delay;                       // and before its answer
  std::function<sim::Errc(const SeenRpc&)> fault;  // a request for which it is not ok fails
  std::vector<SeenRpc> seen;                       // in order of arrival
  std::uint32_t under_way = 0;
  std::uint32_t most_under_way = 0;

  std::size_t count(transport::Opcode opcode) const {
    return static_cast<std::size_t>(std::ranges::count(seen, opcode, &SeenRpc::opcode));
  }
  sim::Bytes bytes(transport::Opcode opcode) const {
    sim::Bytes sum = 0;
    for (const SeenRpc& rpc : seen) {
      sum += rpc.opcode == opcode ? rpc.bytes : 0;
    }
    return sum;
  }
  // Of one object; to be filled beforehand or looked at afterwards.
  transport::Payload& content(ObjectId object) { return contents_[object]; }

 private:
  transport::Service* route(const transport::Message&, transport::NrsKey&) override {
    return &service_;
  }
  template <typename Body>
  static SeenRpc describe(const Body& body) {
    SeenRpc rpc;
    rpc.opcode = Body::kOpcode;
    if constexpr (requires { body.ranges; }) {
      rpc.extent = {body.ranges.front().offset,
                    body.ranges.back().offset + body.ranges.back().length};
      for (const Niobuf& range : body.ranges) {
        rpc.bytes += range.length;
      }
    }
    return rpc;
  }
  sim::Errc arrive(SeenRpc rpc) {
    rpc.ost = index_;
    rpc.at = server_.loop().now();
    seen.push_back(rpc);
    most_under_way = std::max(most_under_way, ++under_way);
    return fault ? fault(rpc) : sim::Errc::ok;
  }
  sim::Task<transport::Reply> handle(transport::Request& request) override {
    transport::Reply reply;
    switch (request.header().opcode) {
      case kOstRead:
        reply = co_await read(request);
        break;
      case kOstWrite:
        reply = co_await write(request);
        break;
      default:
        reply = co_await other(request);
    }
    co_await sim::sleep_for(server_.loop(), reply_delay);
    --under_way;
    co_return reply;
  }
  sim::Task<transport::Reply> read(transport::Request& request) {
    const auto& body = request.body<OstReadRequest>();
    const sim::Errc status = arrive(describe(body));
    co_await sim::sleep_for(server_.loop(), delay);
    if (status != sim::Errc::ok) {
      co_return transport::Reply{status, nullptr, false, {}};
    }
    const transport::Payload& content = contents_[body.object];
    auto reply = std::make_unique<OstReadReply>();
    transport::Payload data;
    for (const Niobuf& range : body.ranges) {
      const sim::Bytes end = std::min(range.offset + range.length, content.size());
      const sim::Bytes begin = std::min(range.offset, end);
      reply->lengths.push_back(end - begin);
      data.append(content.slice(begin, end));
    }
    reply->info.size = content.size();
    if (data.size() > 0) {
      static_cast<void>(co_await request.push_bulk(std::move(data)));
    }
    co_return transport::Reply{sim::Errc::ok, std::move(reply), false, {}};
  }
  sim::Task<transport::Reply> write(transport::Request& request) {
    const auto& body = request.body<OstWriteRequest>();
    const sim::Errc status = arrive(describe(body));
    transport::Payload data = std::move(request.message->bulk);
    if (data.size() == 0) {
      sim::Result<transport::Payload> pulled = co_await request.pull_bulk();
      data = std::move(*pulled);
    }
    co_await sim::sleep_for(server_.loop(), delay);
    if (status != sim::Errc::ok) {
      co_return transport::Reply{status, nullptr, false, {}};
    }
    transport::Payload& content = contents_[body.object];
    sim::Bytes at = 0;
    for (const Niobuf& range : body.ranges) {
      overwrite(content, range.offset, data.slice(at, at + range.length));
      at += range.length;
    }
    auto reply = std::make_unique<OstWriteReply>();
    reply->info.size = content.size();
    co_return transport::Reply{sim::Errc::ok, std::move(reply), false, {}};
  }
  sim::Task<transport::Reply> other(transport::Request& request) {
    const auto& body = request.body<OstGetattrRequest>();
    const sim::Errc status = arrive(describe(body));
    co_await sim::sleep_for(server_.loop(), delay);
    auto reply = std::make_unique<OstGetattrReply>();
    reply->info.size = contents_[body.object].size();
    co_return transport::Reply{status, std::move(reply), false, {}};
  }
  static void overwrite(transport::Payload& content, sim::Bytes offset, transport::Payload data) {
    if (content.size() < offset) {
      content.append(transport::Payload::zeros(offset - content.size()));
    }
    const sim::Bytes end = offset + data.size();
    transport::Payload result = content.slice(0, offset);
    result.append(std::move(data));
    if (end < content.size()) {
      result.append(content.slice(end, content.size()));
    }
    content = std::move(result);
  }

  std::uint32_t index_;
  std::map<ObjectId, transport::Payload> contents_;
  transport::Server server_;
  transport::Service service_;
};

}  // namespace stripe
