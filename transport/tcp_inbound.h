// The receiving end of one TCP connection.
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "transport/tcp_hello.h"

namespace transport {

// Reads the hello, then frame after frame: sizes first, then the head into a buffer that is used
// again and the bulk into memory of its own, which the message takes along. Whoever holds it calls
// close() before the owner dies; pending operations keep the object itself alive.
class TcpInbound : public std::enable_shared_from_this<TcpInbound> {
 public:
  class Owner {
   public:
    // Called before anything else in every completion.
    virtual void completion_begins() = 0;
    // The peer has said who it is. An error refuses it: outbound_lost follows with that message.
    virtual sim::Status inbound_greeted(TcpInbound& connection, const Hello& hello) = 0;
    // A message of the peer that was greeted, for the node that it greeted.
    virtual void inbound_message(MessagePtr message) = 0;
    // The connection failed, was closed by the peer, or the peer broke the rules; it is closed now.
    // Called at most once, and not from start() or close(). `hello` is empty if there was none.
    virtual void inbound_lost(TcpInbound& connection, const std::optional<Hello>& hello,
                              const std::string& why) = 0;

   protected:
    ~Owner() = default;
  };

  // `local` is the node that was dialled.
  TcpInbound(boost::asio::ip::tcp::socket socket, NodeId local, Owner& owner, DecodeBody decode);

  void start();
  // The owner hears nothing any more.
  void close();
  // The node that was dialled.
  NodeId local() const { return local_; }

 private:
  bool begin_completion();
  void fail(const std::string& why);
  void lost_reading(const boost::system::error_code& error, const char* what);
  void read_hello();
  void on_hello();
  void read_prefix();
  void on_prefix();
  void on_frame();
  sim::Status check_route(const Message& message) const;

  Owner* owner_;  // null once closed
  const NodeId local_;
  const DecodeBody decode_;
  boost::asio::ip::tcp::socket socket_;
  std::optional<Hello> hello_;  // once greeted
  std::array<std::byte, kHelloSize> hello_bytes_{};
  std::vector<std::byte> head_;
  Payload bulk_;
};

}  // namespace transport
