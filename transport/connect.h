// The transport's own requests: making, keeping and closing a connection.
#pragma once

#include "transport/message_codec.h"

namespace transport {

// Lustre's numbers for OSTs (OST_CONNECT, OST_DISCONNECT); one pair serves every kind of target
// here.
inline constexpr Opcode kConnect = 8;
inline constexpr Opcode kDisconnect = 9;
// Tells a target that its client is alive (Lustre: OBD_PING).
inline constexpr Opcode kPing = 400;

// Sizes as in Lustre 2.17: two UUIDs of 40 bytes, a handle, obd_connect_data of 192.
struct ConnectRequest final : MessageBody<ConnectRequest, kConnect> {
  static constexpr bool kMakesConnection = true;
  std::uint32_t generation = 0;  // of the connection it had; 0: none, or it was given up
  std::uint64_t wanted = 0;      // what the client would like of the target (Lustre: ocd_grant)
  sim::Bytes wire_size() const override { return 520; }
  template <class V>
  void fields(V& v) {
    v(generation, wanted);
  }
};
struct ConnectReply final : MessageBody<ConnectReply, kConnect, MessageKind::reply> {
  std::uint32_t generation = 0;  // goes into the header of every request over this connection
  // The server still had all that the connection named in the request held. Otherwise a client that
  // named one was evicted, or the server has started anew.
  bool known = false;
  std::uint64_t instance = 0;  // of the server: another one has started anew since
  // It numbers its changes, and after a restart takes those again that were not stable.
  bool replayable = false;
  // It has started anew and takes them now: nothing else is carried out until that is over.
  bool recovering = false;
  std::uint64_t given = 0;  // what the client has of it now
  sim::Bytes wire_size() const override { return 416; }
  template <class V>
  void fields(V& v) {
    v(generation, known, instance, replayable, recovering, given);
  }
};
// What a client has brought back to a server that recovers (Lustre: MSG_REQ_REPLAY_DONE,
// MSG_LOCK_REPLAY_DONE in a ping). The answer comes when every client has.
enum class RecoveryStep : std::uint8_t { none, requests, locks };
constexpr RecoveryStep last_of(RecoveryStep) { return RecoveryStep::locks; }
struct PingRequest final : MessageBody<PingRequest, kPing> {
  RecoveryStep done = RecoveryStep::none;
  sim::Bytes wire_size() const override { return 224; }
  template <class V>
  void fields(V& v) {
    v(done);
  }
};
struct PingReply final : MessageBody<PingReply, kPing, MessageKind::reply> {
  sim::Bytes wire_size() const override { return 224; }
  template <class V>
  void fields(V&) {}
};
struct DisconnectRequest final : MessageBody<DisconnectRequest, kDisconnect> {
  static constexpr bool kMakesConnection = true;
  sim::Bytes wire_size() const override { return 224; }
  template <class V>
  void fields(V&) {}
};

}  // namespace transport
