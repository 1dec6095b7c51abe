// The transport's own requests: making and closing a connection.
#pragma once

#include "transport/message_codec.h"

namespace transport {

// Lustre's numbers for OSTs (OST_CONNECT, OST_DISCONNECT); one pair serves every kind of target
// here.
inline constexpr Opcode kConnect = 8;
inline constexpr Opcode kDisconnect = 9;

// Sizes as in Lustre 2.17: two UUIDs of 40 bytes, a handle, obd_connect_data of 192.
struct ConnectRequest final : MessageBody<ConnectRequest, kConnect> {
  static constexpr bool kMakesConnection = true;
  sim::Bytes wire_size() const override { return 520; }
  template <class V>
  void fields(V&) {}
};
struct ConnectReply final : MessageBody<ConnectReply, kConnect, MessageKind::reply> {
  std::uint32_t generation = 0;  // goes into the header of every request over this connection
  sim::Bytes wire_size() const override { return 416; }
  template <class V>
  void fields(V& v) {
    v(generation);
  }
};
struct DisconnectRequest final : MessageBody<DisconnectRequest, kDisconnect> {
  static constexpr bool kMakesConnection = true;
  sim::Bytes wire_size() const override { return 224; }
  template <class V>
  void fields(V&) {}
};

}  // namespace transport
