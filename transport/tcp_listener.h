// A node's listening socket.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>

#include "sim/status.h"
#include "transport/message.h"

namespace transport {

// Accepts connections on 127.0.0.1, at a port that the system chooses. Whoever holds it calls
// close() before the owner dies; pending operations keep the object itself alive.
class TcpListener : public std::enable_shared_from_this<TcpListener> {
 public:
  class Owner {
   public:
    // Called before anything else in every completion.
    virtual void completion_begins() = 0;
    virtual void accepted(NodeId local, boost::asio::ip::tcp::socket socket) = 0;

   protected:
    ~Owner() = default;
  };

  TcpListener(boost::asio::io_context& io, NodeId local, Owner& owner);

  // Where peers can dial, or why not (io_error).
  sim::Result<boost::asio::ip::tcp::endpoint> listen();
  void close();

 private:
  void accept();
  void pause();

  Owner* owner_;  // null once closed
  const NodeId local_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_;
};

}  // namespace transport
