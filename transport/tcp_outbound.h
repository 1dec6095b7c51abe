// The sending end of one TCP connection.
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "transport/tcp_hello.h"

namespace transport {

// How much may wait in the sender's memory for one peer and class of traffic. A sender is never
// blocked, so a peer that takes nothing must be given up some time. Far more than the RPCs in
// flight of any client can fill (Lustre 2.17: 8 of 4 MiB per OST).
struct TcpQueueLimits {
  std::size_t messages = 65536;
  sim::Bytes bytes = sim::kGiB;
};

// Dials, says hello, then writes what it is given, in order. Whoever holds it calls close() before
// the owner dies; pending operations keep the object itself alive.
class TcpOutbound : public std::enable_shared_from_this<TcpOutbound> {
 public:
  class Owner {
   public:
    // Called before anything else in every completion.
    virtual void completion_begins() = 0;
    // The connection failed or was closed by the peer, and is closed now. Called at most once, and
    // not from connect() or close().
    virtual void outbound_lost(const Hello& hello, const std::string& why) = 0;

   protected:
    ~Owner() = default;
  };

  TcpOutbound(boost::asio::io_context& io, Owner& owner, Hello hello, TcpQueueLimits limits);

  void connect(const boost::asio::ip::tcp::endpoint& endpoint);
  // Encodes and queues. False if the queue is over its limits, and then nothing was queued.
  bool send(Message& message);
  // Drops what is queued; the owner hears nothing any more.
  void close();

 private:
  struct Frame {
    std::vector<std::byte> head;
    Payload bulk;
    sim::Bytes size() const { return head.size() + bulk.size(); }
  };
  static constexpr std::size_t kFramesPerWrite = 16;

  // Whether a completion has still someone to work for.
  bool begin_completion();
  void fail(const std::string& why);
  void connected(const boost::system::error_code& error);
  void watch();
  void write_next();
  void written(const boost::system::error_code& error);
  std::vector<std::byte> spare_head();

  Owner* owner_;  // null once closed
  const Hello hello_;
  const TcpQueueLimits limits_;
  boost::asio::ip::tcp::socket socket_;
  bool connected_ = false;
  std::deque<Frame> queue_;
  sim::Bytes queued_bytes_ = 0;
  std::size_t being_written_ = 0;  // frames at the head of the queue
  std::vector<std::vector<std::byte>> spare_heads_;
  std::array<std::byte, 1> unexpected_{};
};

}  // namespace transport
