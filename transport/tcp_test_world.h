// What tests of the TCP network share: receivers that remember, peers that speak raw bytes.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/sync.h"
#include "transport/example_protocol.h"
#include "transport/tcp_network.h"

namespace transport::test {

using Tcp = boost::asio::ip::tcp;

struct TcpWorld {
  explicit TcpWorld(TcpQueueLimits limits = {})
      : network(std::make_unique<TcpNetwork>(time, io, example::kDecode, limits)) {}

  // Runs until `holds` does; fails the test if it takes too long.
  void run_until(std::function<bool()> holds) {
    wanted = std::move(holds);
    done.emplace(loop, "the test's condition");
    sim::TaskGroup tasks(loop);
    tasks.spawn(wait(*done), "test");
    changed();
    const auto status = run_real(time, io, {.wall = sim::seconds(30)});
    EXPECT_TRUE(status.ok()) << status.error().message << network->last_loss();
    wanted = nullptr;
  }
  // Whoever changes what a test waits for says so.
  void changed() {
    if (wanted && wanted()) {
      done->set();
    }
  }
  static sim::Task<> wait(sim::Event& event) { co_await event.wait(); }

  sim::Loop loop{1};
  boost::asio::io_context io;
  RealTime time{loop};
  std::unique_ptr<TcpNetwork> network;
  std::function<bool()> wanted;
  std::optional<sim::Event> done;
};

// An attached address that keeps what it hears.
struct Party : Receiver {
  Party(TcpWorld& w, Address a) : world(w), address(a) { world.network->attach(a, *this); }
  void receive(MessagePtr message) override {
    received.push_back(std::move(message));
    world.changed();
  }
  void disconnected(NodeId peer) override {
    lost.push_back(peer);
    world.changed();
  }
  void send(Address to, MessageKind kind, std::uint64_t xid, Payload bulk = {}) {
    auto message = std::make_unique<Message>();
    message->from = address;
    message->to = to;
    message->header.kind = kind;
    message->header.xid = xid;
    message->header.opcode = example::kCount;
    if (kind == MessageKind::request) {
      auto body = std::make_unique<example::CountRequest>();
      body->number = xid;
      message->body = std::move(body);
    } else if (kind == MessageKind::reply) {
      auto body = std::make_unique<example::CountReply>();
      body->number = xid;
      message->body = std::move(body);
    }
    message->bulk = std::move(bulk);
    world.network->send(std::move(message));
  }
  TcpWorld& world;
  Address address;
  std::vector<MessagePtr> received;
  std::vector<NodeId> lost;
};

inline Payload content(std::uint64_t file, sim::Bytes size) {
  return size == 0 ? Payload() : Payload(ContentRun{file, 0, size, Stamp::make(1, file + 1)});
}

// A peer that sends what it likes and notices when it is cut off.
struct RawPeer {
  RawPeer(TcpWorld& w, NodeId node) : RawPeer(w) {
    socket.connect(*w.network->endpoint(node));
    watch();
  }
  explicit RawPeer(TcpWorld& w) : world(w), socket(w.io) {}
  ~RawPeer() { *alive = false; }
  RawPeer(const RawPeer&) = delete;
  RawPeer& operator=(const RawPeer&) = delete;

  void write(std::span<const std::byte> bytes) {
    boost::system::error_code ignored;
    boost::asio::write(socket, boost::asio::buffer(bytes.data(), bytes.size()), ignored);
  }
  void greet(Hello hello) {
    Writer out;
    encode_hello(hello, out);
    write(out.bytes());
  }
  // Reads until the other side closes; keeps what it reads.
  void watch() {
    socket.async_read_some(boost::asio::buffer(chunk), [this, still_here = alive](
                                                           boost::system::error_code error,
                                                           std::size_t n) {
      if (!*still_here) {
        return;
      }
      arrived.insert(arrived.end(), chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(n));
      cut_off = static_cast<bool>(error);
      world.changed();
      if (!error) {
        watch();
      }
    });
  }
  TcpWorld& world;
  Tcp::socket socket;
  std::array<std::byte, 4096> chunk{};
  std::vector<std::byte> arrived;
  bool cut_off = false;
  std::shared_ptr<bool> alive = std::make_shared<bool>(true);
};

inline std::vector<std::byte> frame_of(Message& message) {
  Writer out;
  encode_message(message, out);
  auto frame = out.take();
  const auto bulk = message.bulk.bytes();
  frame.insert(frame.end(), bulk.begin(), bulk.end());
  return frame;
}

}  // namespace transport::test
