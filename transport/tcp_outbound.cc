#include "transport/tcp_outbound.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <boost/container/static_vector.hpp>
#include <span>

namespace transport {

namespace asio = boost::asio;
using boost::system::error_code;

TcpOutbound::TcpOutbound(asio::io_context& io, Owner& owner, Hello hello, TcpQueueLimits limits)
    : owner_(&owner), hello_(hello), limits_(limits), socket_(io) {}

void TcpOutbound::connect(const asio::ip::tcp::endpoint& endpoint) {
  Writer out;
  encode_hello(hello_, out);
  queue_.push_back(Frame{out.take(), {}});
  queued_bytes_ = queue_.front().size();
  socket_.async_connect(endpoint,
                        [self = shared_from_this()](error_code error) { self->connected(error); });
}

bool TcpOutbound::send(Message& message) {
  if (queue_.size() >= limits_.messages || queued_bytes_ >= limits_.bytes) {
    return false;
  }
  Writer out(spare_head());
  encode_message(message, out);
  queue_.push_back(Frame{out.take(), std::move(message.bulk)});
  queued_bytes_ += queue_.back().size();
  write_next();
  return true;
}

void TcpOutbound::close() {
  owner_ = nullptr;
  error_code ignored;
  socket_.close(ignored);
}

bool TcpOutbound::begin_completion() {
  if (owner_ != nullptr) {
    owner_->completion_begins();  // runs what is due, which may close this
  }
  return owner_ != nullptr;
}

void TcpOutbound::fail(const std::string& why) {
  Owner* owner = owner_;
  close();
  owner->outbound_lost(hello_, why);
}

void TcpOutbound::connected(const error_code& error) {
  if (!begin_completion()) {
    return;
  }
  if (error) {
    fail("cannot connect: " + error.message());
    return;
  }
  error_code ignored;  // without it the connection is slower, not wrong
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  connected_ = true;
  watch();
  write_next();
}

// The receiving end sends nothing: all that can be read here is the end of the connection.
void TcpOutbound::watch() {
  socket_.async_read_some(asio::buffer(unexpected_),
                          [self = shared_from_this()](error_code error, std::size_t) {
                            if (self->begin_completion()) {
                              self->fail(error ? "closed by the peer: " + error.message()
                                               : "the peer sent bytes against the direction");
                            }
                          });
}

void TcpOutbound::write_next() {
  if (!connected_ || being_written_ > 0 || queue_.empty()) {
    return;
  }
  being_written_ = std::min(queue_.size(), kFramesPerWrite);
  boost::container::static_vector<asio::const_buffer, 2 * kFramesPerWrite> buffers;
  for (std::size_t i = 0; i < being_written_; ++i) {
    const auto bulk = queue_[i].bulk.bytes();
    buffers.push_back(asio::buffer(queue_[i].head));
    if (!bulk.empty()) {
      buffers.emplace_back(bulk.data(), bulk.size());
    }
  }
  asio::async_write(socket_, buffers, [self = shared_from_this()](error_code error, std::size_t) {
    self->written(error);
  });
}

void TcpOutbound::written(const error_code& error) {
  if (!begin_completion()) {
    return;
  }
  if (error) {
    fail("cannot write: " + error.message());
    return;
  }
  for (; being_written_ > 0; --being_written_) {
    queued_bytes_ -= queue_.front().size();
    if (spare_heads_.size() < kFramesPerWrite) {
      spare_heads_.push_back(std::move(queue_.front().head));
    }
    queue_.pop_front();
  }
  write_next();
}

std::vector<std::byte> TcpOutbound::spare_head() {
  if (spare_heads_.empty()) {
    return {};
  }
  auto head = std::move(spare_heads_.back());
  spare_heads_.pop_back();
  return head;
}

}  // namespace transport
