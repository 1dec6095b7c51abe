#include "transport/tcp_listener.h"

#include <fmt/core.h>

#include <chrono>
#include <utility>

namespace transport {

namespace asio = boost::asio;
using boost::system::error_code;

TcpListener::TcpListener(asio::io_context& io, NodeId local, Owner& owner)
    : owner_(&owner), local_(local), acceptor_(io), pause_(io) {}

sim::Result<asio::ip::tcp::endpoint> TcpListener::listen() {
  error_code error;
  asio::ip::tcp::endpoint endpoint(asio::ip::address_v4::loopback(), 0);
  acceptor_.open(endpoint.protocol(), error);
  if (!error) {
    acceptor_.bind(endpoint, error);
  }
  if (!error) {
    acceptor_.listen(asio::socket_base::max_listen_connections, error);
  }
  if (!error) {
    endpoint = acceptor_.local_endpoint(error);
  }
  if (error) {
    return sim::Error{sim::Errc::io_error, fmt::format("node {} cannot listen on 127.0.0.1: {}",
                                                       local_, error.message())};
  }
  accept();
  return endpoint;
}

void TcpListener::close() {
  owner_ = nullptr;
  error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
}

void TcpListener::accept() {
  acceptor_.async_accept(
      [self = shared_from_this()](error_code error, asio::ip::tcp::socket socket) {
        if (self->owner_ != nullptr) {
          self->owner_->completion_begins();
        }
        if (self->owner_ == nullptr) {
          return;
        }
        if (error) {
          self->pause();
          return;
        }
        self->owner_->accepted(self->local_, std::move(socket));
        self->accept();
      });
}

// Accepting fails when the process has no more descriptors: asking again at once would spin.
void TcpListener::pause() {
  pause_.expires_after(std::chrono::milliseconds(100));
  pause_.async_wait([self = shared_from_this()](error_code) {
    if (self->owner_ != nullptr) {
      self->accept();
    }
  });
}

}  // namespace transport
