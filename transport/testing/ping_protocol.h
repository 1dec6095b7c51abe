// A protocol of one operation for tests of imports, services and servers.
#pragma once

#include "transport/message_definitions.h"

namespace transport::testing {

inline constexpr Opcode kPing = 900;

struct PingRequest final : MessageBody<PingRequest, kPing> {
  std::uint64_t number = 0;
  // NRS's key.
  std::uint64_t object = 0;
  sim::Bytes offset = 0;
  // What the handler is to do: wait this long, then fetch the client's bulk, or send so much bulk.
  sim::Duration work;
  bool pull = false;
  sim::Bytes push = 0;
  bool keep = false;
  sim::Bytes wire_size() const override { return 224; }
  template <class V>
  void fields(V& v) {
    v(number, object, offset, work, pull, push, keep);
  }
};

struct PingReply final : MessageBody<PingReply, kPing, MessageKind::reply> {
  std::uint64_t number = 0;
  sim::Bytes pulled = 0;
  sim::Bytes wire_size() const override { return 224; }
  template <class V>
  void fields(V& v) {
    v(number, pulled);
  }
};

}  // namespace transport::testing
