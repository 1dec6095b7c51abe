#include "transport/tcp_network.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace transport {

namespace asio = boost::asio;

TcpNetwork::TcpNetwork(RealTime& time, asio::io_context& io, DecodeBody decode,
                       TcpQueueLimits limits)
    : time_(time), io_(io), decode_(decode), limits_(limits), mailbox_(time.loop()) {}

TcpNetwork::~TcpNetwork() {
  for (const auto& [node, listener] : listeners_) {
    listener->close();
  }
  for (auto& [link, connections] : outgoing_) {
    connections.close();
  }
  for (auto& [link, connections] : incoming_) {
    connections.close();
  }
  for (const auto& stranger : strangers_) {
    stranger->close();
  }
}

sim::Status TcpNetwork::open(NodeId node) {
  sim::check(!listeners_.contains(node), "a node is opened twice");
  auto listener = std::make_shared<TcpListener>(io_, node, static_cast<TcpListener::Owner&>(*this));
  const auto endpoint = listener->listen();
  if (!endpoint) {
    return endpoint.error();
  }
  listeners_.emplace(node, std::move(listener));
  directory_[node] = *endpoint;
  return {};
}

void TcpNetwork::stop(NodeId node) {
  sim::check(listeners_.contains(node), "a node stops that is not open");
  stopped_.insert(node);
  const auto close_if = [](auto& links, auto concerns) {
    std::erase_if(links, [&](auto& entry) {
      const bool gone = concerns(entry.first);
      if (gone) {
        entry.second.close();
      }
      return gone;
    });
  };
  close_if(outgoing_, [node](Link link) { return link.from == node; });
  close_if(incoming_, [node](Link link) { return link.to == node; });
  std::erase_if(strangers_, [node](const auto& stranger) {
    const bool gone = stranger->local() == node;
    if (gone) {
      stranger->close();
    }
    return gone;
  });
}

void TcpNetwork::resume(NodeId node) { stopped_.erase(node); }

std::optional<TcpNetwork::Endpoint> TcpNetwork::endpoint(NodeId node) const {
  const auto found = directory_.find(node);
  return found == directory_.end() ? std::nullopt : std::optional(found->second);
}

void TcpNetwork::set_endpoint(NodeId node, Endpoint endpoint) { directory_[node] = endpoint; }

void TcpNetwork::attach(Address address, Receiver& receiver) { mailbox_.attach(address, receiver); }

void TcpNetwork::detach(Address address) { mailbox_.detach(address); }

void TcpNetwork::send(MessagePtr message) {
  sim::check(mailbox_.attached(message->from), "a message from an address that is not attached");
  const Link link{message->from.node, message->to.node};
  if (stopped_.contains(link.from)) {
    return;
  }
  if (link.from == link.to) {
    send_to_self(std::move(message));
    return;
  }
  TcpOutbound* connection = outbound(link, class_of(message->header.kind));
  if (connection == nullptr) {
    note_loss(fmt::format("nobody knows where node {} is", link.to));
    drop_outgoing(link);
  } else if (!connection->send(*message)) {
    note_loss(fmt::format("node {} takes nothing: the send queue is full", link.to));
    drop_outgoing(link);
  }
}

void TcpNetwork::send_to_self(MessagePtr message) {
  scratch_.clear();
  encode_message(*message, scratch_);
  auto decoded = decode_message(scratch_.bytes(), std::move(message->bulk), decode_);
  sim::check(decoded.ok(), "a node's message to itself cannot be decoded");
  mailbox_.deliver(std::move(*decoded));
}

// The connection for `traffic`, made if need be; null if it is unknown where to.
TcpOutbound* TcpNetwork::outbound(Link link, TrafficClass traffic) {
  const auto where = directory_.find(link.to);
  if (where == directory_.end()) {
    return nullptr;
  }
  const auto [entry, fresh] = outgoing_.try_emplace(link);
  if (fresh) {
    entry->second.session = ++sessions_;
  }
  auto& connection = entry->second.by_class[static_cast<std::size_t>(traffic)];
  if (!connection) {
    const Hello hello{link.from, link.to, traffic, entry->second.session};
    connection =
        std::make_shared<TcpOutbound>(io_, static_cast<TcpOutbound::Owner&>(*this), hello, limits_);
    connection->connect(where->second);
  }
  return connection.get();
}

void TcpNetwork::drop_outgoing(Link link) {
  if (const auto found = outgoing_.find(link); found != outgoing_.end()) {
    found->second.close();
    outgoing_.erase(found);
  }
  mailbox_.report_lost(link.from, link.to);
}

void TcpNetwork::drop_incoming(Link link) {
  if (const auto found = incoming_.find(link); found != incoming_.end()) {
    found->second.close();
    incoming_.erase(found);
  }
  mailbox_.report_lost(link.to, link.from);
}

void TcpNetwork::note_loss(const std::string& why) {
  ++losses_;
  last_loss_ = why;
}

void TcpNetwork::completion_begins() { time_.tell(); }

void TcpNetwork::accepted(NodeId local, asio::ip::tcp::socket socket) {
  if (stopped_.contains(local)) {
    return;  // the socket closes
  }
  if (strangers_.size() == kMaxStrangers) {
    note_loss("too many connections that do not say who they are");
    strangers_.front()->close();
    strangers_.erase(strangers_.begin());
  }
  auto stranger = std::make_shared<TcpInbound>(std::move(socket), local,
                                               static_cast<TcpInbound::Owner&>(*this), decode_);
  strangers_.push_back(stranger);
  stranger->start();
}

void TcpNetwork::outbound_lost(const Hello& hello, const std::string& why) {
  note_loss(why);
  drop_outgoing({hello.from, hello.to});
}

std::shared_ptr<TcpInbound> TcpNetwork::take_stranger(const TcpInbound& connection) {
  const auto found = std::ranges::find(strangers_, &connection, [](auto& s) { return s.get(); });
  sim::check(found != strangers_.end(), "a connection that says who it is was known before");
  auto taken = std::move(*found);
  strangers_.erase(found);
  return taken;
}

sim::Status TcpNetwork::inbound_greeted(TcpInbound& connection, const Hello& hello) {
  const Link link{hello.from, hello.to};
  const auto refused = [&](const char* why) {
    return sim::Error{sim::Errc::protocol, fmt::format("hello of node {} to node {} refused: {}",
                                                       link.from, link.to, why)};
  };
  const auto known = incoming_.find(link);
  if (known != incoming_.end() && hello.session < known->second.session) {
    return refused("it belongs to an older link");
  }
  if (known != incoming_.end() && hello.session > known->second.session) {
    note_loss("replaced by a newer link");  // its end is still on the way
    drop_incoming(link);
  }
  auto& connections = incoming_[link];
  connections.session = hello.session;
  auto& place = connections.by_class[static_cast<std::size_t>(hello.traffic)];
  if (place) {
    return refused("the link has such a connection");
  }
  place = take_stranger(connection);
  return {};
}

void TcpNetwork::inbound_message(MessagePtr message) { mailbox_.deliver(std::move(message)); }

void TcpNetwork::inbound_lost(TcpInbound& connection, const std::optional<Hello>& hello,
                              const std::string& why) {
  note_loss(why);
  if (hello) {
    drop_incoming({hello->from, hello->to});
  } else {
    take_stranger(connection);
  }
}

}  // namespace transport
