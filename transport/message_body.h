// What a protocol says of its messages so that any network can carry them.
#pragma once

#include <memory>

#include "sim/status.h"
#include "transport/codec.h"
#include "transport/message.h"

namespace transport {

// Base of the bodies of a protocol: encode() and clone() follow from the fields that `T` names (see
// codec.h) and from its copy constructor; wire_size() is left to it. `T` is the request or the
// reply of operation `kCode`. Both are compiled once, not in every source that knows the message:
// where message_definitions.h is included and the body is made or the base instantiated.
//   struct OpenRequest final : MessageBody<OpenRequest, kOpen> {
//     std::string name;
//     sim::Bytes wire_size() const override { return 200 + name.size(); }
//     template <class V> void fields(V& v) { v(name); }
//   };
template <typename T, Opcode kCode, MessageKind kWhich = MessageKind::request>
struct MessageBody : Body {
  static_assert(kWhich == MessageKind::request || kWhich == MessageKind::reply,
                "only requests and replies have bodies");
  static constexpr Opcode kOpcode = kCode;
  static constexpr MessageKind kKind = kWhich;
  // A request that may travel before there is a connection hides this with `true`.
  static constexpr bool kMakesConnection = false;
  void encode(Writer& out) const final;
  std::unique_ptr<Body> clone() const final;
};

// Turns the body of a message of this opcode and kind (request or reply) into a struct. The
// transport knows no protocol: whoever builds a network that carries bytes hands it one of these,
// usually an instance of decode_one_of.
using DecodeBody = sim::Result<std::unique_ptr<Body>> (*)(Opcode, MessageKind, Reader&);

}  // namespace transport
