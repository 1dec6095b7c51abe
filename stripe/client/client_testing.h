// A client's data path, without a mount, against OSTs that a test can slow down or make fail.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <ostream>

#include "stripe/client/page_reader.h"
#include "stripe/client/write_back.h"
#include "transport/server.h"
#include "transport/testing/loopback_network.h"

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
        service_(loop, "io", 1000, transport::make_fifo(), *this, server_) {}

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

// One client and `osts` OSTs on a network that takes no time. Options are set before the first use.
class ClientWorld {
 public:
  static constexpr Fid kFid{0x200000400, 1, 0};

  explicit ClientWorld(ClientDesign d = ClientDesign(), std::uint32_t osts = 1,
                       sim::HostProfile profile = {.request = {}, .copy = {}, .checksum = {}})
      : design(std::move(d)), host(loop, "client", profile) {
    for (std::uint32_t i = 0; i < osts; ++i) {
      map_.osts.push_back({0, i});
      fakes_.push_back(std::make_unique<FakeOst>(loop, network, i));
    }
  }

  // A file striped over the first `stripes` OSTs; its objects are (1, number).
  std::unique_ptr<Inode> file(std::uint32_t stripes = 1, std::uint32_t stripe_size = sim::kMiB) {
    auto inode = std::make_unique<Inode>(loop, Fid{kFid.seq, ++files_, 0});
    Component component;
    component.flags = kComponentInit;
    component.stripe_size = stripe_size;
    component.stripe_count = static_cast<std::uint16_t>(stripes);
    for (std::uint32_t i = 0; i < stripes; ++i) {
      component.objects.push_back({object(*inode), 0, i});
    }
    inode->layout.components.push_back(component);
    return inode;
  }
  // The object of each of the file's stripes, on its own OST.
  static ObjectId object(const Inode& inode) { return {1, inode.fid.oid}; }
  // Gives a file of one stripe content of `size`, written by `stamp`.
  void fill(Inode& inode, sim::Bytes size, transport::Stamp stamp) {
    ost(0).content(object(inode)) =
        transport::Payload(transport::ContentRun{inode.content_id(), 0, size, stamp});
    inode.known_size = size;
  }

  FakeOst& ost(std::uint32_t index) { return *fakes_[index]; }
  transport::Stamp stamp() { return transport::Stamp::make(1, ++stamps_); }

  // Starts `task`; run() ends when all that were started have.
  void start(sim::Task<void> task) { tasks_.spawn(std::move(task), "the test"); }
  void run() {
    const sim::Status ran = sim::run_virtual(loop);
    EXPECT_TRUE(ran.ok()) << (ran.ok() ? "" : ran.error().message);
  }
  void run(sim::Task<void> task) {
    start(std::move(task));
    run();
  }
  // Everything that is going to happen by `span` from now.
  void run_for(sim::Duration span) {
    const sim::TimePoint end = loop.now() + span;
    while (loop.step(end)) {
    }
    loop.advance_to(end);
  }

  sim::Loop loop{1};
  ClientDesign design;
  sim::ModelledHost host;
  transport::testing::LoopbackNetwork network{loop};

 private:
  transport::Endpoint endpoint_{loop, network, {1, 0}};
  ClusterMap map_;
  std::vector<std::unique_ptr<FakeOst>> fakes_;
  std::uint32_t files_ = 0;
  std::uint64_t stamps_ = 0;

 public:
  ClientContext context{loop, host, design, endpoint_, {}, {}};
  Lov lov{context, map_};
  cachemodel::PageCache cache{design.cache_size};
  WriteBack write_back{context, lov, cache};
  PageReader pages{context, lov, cache};

 private:
  sim::TaskGroup tasks_{loop};
};

// Who wrote the bytes [begin, end) of a file; a writer of 0 is nobody, they are zeros.
struct Written {
  sim::Bytes begin = 0;
  sim::Bytes end = 0;
  std::uint64_t writer = 0;
  bool operator==(const Written&) const = default;
};
inline std::ostream& operator<<(std::ostream& out, const Written& w) {
  return out << "[" << w.begin << ", " << w.end << ") by " << w.writer;
}

// What `data`, read at `offset`, says; neighbours of one writer joined.
inline std::vector<Written> writers_of(sim::Bytes offset, const transport::Payload& data) {
  std::vector<Written> all;
  for (const transport::ContentRun& run : data.runs()) {
    if (!all.empty() && all.back().writer == run.stamp.value) {
      all.back().end += run.length;
    } else {
      all.push_back({offset, offset + run.length, run.stamp.value});
    }
    offset += run.length;
  }
  return all;
}

}  // namespace stripe
