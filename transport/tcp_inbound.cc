#include "transport/tcp_inbound.h"

#include <fmt/core.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <utility>

namespace transport {

namespace asio = boost::asio;
using boost::system::error_code;

TcpInbound::TcpInbound(asio::ip::tcp::socket socket, NodeId local, Owner& owner, DecodeBody decode)
    : owner_(&owner), local_(local), decode_(decode), socket_(std::move(socket)) {}

void TcpInbound::start() { read_hello(); }

void TcpInbound::close() {
  owner_ = nullptr;
  error_code ignored;
  socket_.close(ignored);
}

bool TcpInbound::begin_completion() {
  if (owner_ != nullptr) {
    owner_->completion_begins();  // runs what is due, which may close this
  }
  return owner_ != nullptr;
}

void TcpInbound::fail(const std::string& why) {
  Owner* owner = owner_;
  close();
  owner->inbound_lost(*this, hello_, why);
}

void TcpInbound::lost_reading(const error_code& error, const char* what) {
  fail(fmt::format("the connection ended before {}: {}", what, error.message()));
}

void TcpInbound::read_hello() {
  asio::async_read(socket_, asio::buffer(hello_bytes_),
                   [self = shared_from_this()](error_code error, std::size_t) {
                     if (!self->begin_completion()) {
                       return;
                     }
                     error ? self->lost_reading(error, "a whole hello") : self->on_hello();
                   });
}

void TcpInbound::on_hello() {
  const auto hello = decode_hello(hello_bytes_);
  if (!hello) {
    fail(hello.error().message);
    return;
  }
  if (hello->to != local_ || hello->from == local_) {
    fail(fmt::format("hello refused: from node {} to node {} at node {}", hello->from, hello->to,
                     local_));
    return;
  }
  if (const auto status = owner_->inbound_greeted(*this, *hello); !status) {
    fail(status.error().message);
    return;
  }
  hello_ = *hello;
  read_prefix();
}

void TcpInbound::read_prefix() {
  head_.resize(kPrefixSize);
  asio::async_read(socket_, asio::buffer(head_),
                   [self = shared_from_this()](error_code error, std::size_t) {
                     if (!self->begin_completion()) {
                       return;
                     }
                     error ? self->lost_reading(error, "the next frame") : self->on_prefix();
                   });
}

void TcpInbound::on_prefix() {
  const auto sizes = decode_prefix(head_);
  if (!sizes) {
    fail(sizes.error().message);
    return;
  }
  head_.resize(sizes->head);
  if (sizes->bulk > 0) {
    bulk_ = Payload(std::make_unique_for_overwrite<std::byte[]>(sizes->bulk), sizes->bulk);
  }
  const auto bulk = bulk_.mutable_bytes();
  const std::array<asio::mutable_buffer, 2> rest = {asio::buffer(asio::buffer(head_) + kPrefixSize),
                                                    asio::mutable_buffer(bulk.data(), bulk.size())};
  asio::async_read(socket_, rest, [self = shared_from_this()](error_code error, std::size_t) {
    if (!self->begin_completion()) {
      return;
    }
    error ? self->lost_reading(error, "the end of a frame") : self->on_frame();
  });
}

void TcpInbound::on_frame() {
  auto message = decode_message(head_, std::exchange(bulk_, {}), decode_);
  if (!message) {
    fail(message.error().message);
    return;
  }
  if (const auto status = check_route(**message); !status) {
    fail(status.error().message);
    return;
  }
  owner_->inbound_message(std::move(*message));
  read_prefix();
}

sim::Status TcpInbound::check_route(const Message& message) const {
  if (message.from.node != hello_->from || message.to.node != local_) {
    return sim::Error{sim::Errc::protocol,
                      fmt::format("a message from node {} to node {} on the connection of {} to {}",
                                  message.from.node, message.to.node, hello_->from, local_)};
  }
  if (class_of(message.header.kind) != hello_->traffic) {
    return sim::Error{sim::Errc::protocol, "a message on the connection of the other class"};
  }
  return {};
}

}  // namespace transport
