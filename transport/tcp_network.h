// The network of the real world: TCP on the loopback interface.
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "transport/mailbox.h"
#include "transport/network.h"
#include "transport/run_real.h"
#include "transport/tcp_inbound.h"
#include "transport/tcp_listener.h"
#include "transport/tcp_outbound.h"

namespace transport {

// For every ordered pair of nodes there is a link: a control and a bulk connection, each made by
// the sender on its first message, so that no control message waits behind bulk. Both connections
// of a link live and die together, and the next message makes a new link.
//
// A lost link is reported to every receiver on either node, where it is noticed. A pair of nodes
// has two links, one each way, so a peer that dies may be reported twice, and a loss is never left
// out. What cannot be sent (nobody listens, no such node, send queue full) is a lost link. A peer
// that breaks the protocol loses its link; a peer that lies about its name is not defended against.
//
// Every message goes through the codec, also one to the own node. Message::transit stays zero.
class TcpNetwork final : public Network, TcpListener::Owner, TcpOutbound::Owner, TcpInbound::Owner {
 public:
  using Endpoint = boost::asio::ip::tcp::endpoint;

  // All three must outlive the network; `io` may be run or destroyed afterwards whatever is
  // pending.
  TcpNetwork(RealTime& time, boost::asio::io_context& io, DecodeBody decode,
             TcpQueueLimits limits = {});
  ~TcpNetwork() override;
  TcpNetwork(const TcpNetwork&) = delete;
  TcpNetwork& operator=(const TcpNetwork&) = delete;

  // Makes `node` one of this process: it listens from now on. io_error if it cannot.
  sim::Status open(NodeId node);
  // As if the machine of `node`, which is open, stopped: its connections close, its peers hear it,
  // and its own receivers hear nothing. What it sends goes nowhere, and whoever dials it is cut off
  // at once. Its endpoint remains its own, so that nobody else can answer there.
  void stop(NodeId node);
  // It is there again, at the endpoint where it was.
  void resume(NodeId node);
  // Where `node` is dialled; nothing if it is unknown. open() sets it, set_endpoint() does for
  // nodes of other processes.
  std::optional<Endpoint> endpoint(NodeId node) const;
  void set_endpoint(NodeId node, Endpoint endpoint);

  // Connections that failed, were refused or were closed by the peer so far, and why the last one.
  std::uint64_t losses() const { return losses_; }
  // Messages delivered.
  const TrafficCounts& traffic() const { return mailbox_.traffic(); }
  const std::string& last_loss() const { return last_loss_; }

  // `address.node` must be open for anything to arrive.
  void attach(Address address, Receiver& receiver) override;
  void detach(Address address) override;
  void send(MessagePtr message) override;

 private:
  struct Link {
    NodeId from;
    NodeId to;
    auto operator<=>(const Link&) const = default;
  };
  template <typename Connection>
  struct Connections {
    std::uint64_t session = 0;
    std::array<std::shared_ptr<Connection>, kTrafficClasses> by_class;
    void close() const {
      for (const auto& connection : by_class) {
        if (connection) {
          connection->close();
        }
      }
    }
  };
  // Connections that have not yet said who they are; the oldest makes room.
  static constexpr std::size_t kMaxStrangers = 64;

  void send_to_self(MessagePtr message);
  TcpOutbound* outbound(Link link, TrafficClass traffic);
  void drop_outgoing(Link link);
  void drop_incoming(Link link);
  void note_loss(const std::string& why);
  std::shared_ptr<TcpInbound> take_stranger(const TcpInbound& connection);

  void completion_begins() override;
  void accepted(NodeId local, boost::asio::ip::tcp::socket socket) override;
  void outbound_lost(const Hello& hello, const std::string& why) override;
  sim::Status inbound_greeted(TcpInbound& connection, const Hello& hello) override;
  void inbound_message(MessagePtr message) override;
  void inbound_lost(TcpInbound& connection, const std::optional<Hello>& hello,
                    const std::string& why) override;

  RealTime& time_;
  boost::asio::io_context& io_;
  const DecodeBody decode_;
  const TcpQueueLimits limits_;
  Mailbox mailbox_;
  std::map<NodeId, std::shared_ptr<TcpListener>> listeners_;
  std::set<NodeId> stopped_;
  std::map<NodeId, Endpoint> directory_;
  std::map<Link, Connections<TcpOutbound>> outgoing_;
  std::map<Link, Connections<TcpInbound>> incoming_;
  std::vector<std::shared_ptr<TcpInbound>> strangers_;
  std::uint64_t sessions_ = 0;
  Writer scratch_;
  std::uint64_t losses_ = 0;
  std::string last_loss_;
};

}  // namespace transport
