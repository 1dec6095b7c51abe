// What a protocol says of its messages so that any network can carry them.
#pragma once

#include <memory>
#include <utility>

#include "sim/status.h"
#include "transport/codec.h"
#include "transport/message.h"

namespace transport {

// Base of the bodies of a protocol: encode() and clone() follow from the fields that `T` names (see
// codec.h) and from its copy constructor; wire_size() is left to it. `T` is the request or the
// reply of operation `kCode`.
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
  void encode(Writer& out) const final { out(static_cast<const T&>(*this)); }
  std::unique_ptr<Body> clone() const final {
    return std::make_unique<T>(static_cast<const T&>(*this));
  }
};

// Turns the body of a message of this opcode and kind (request or reply) into a struct. The
// transport knows no protocol: whoever builds a network that carries bytes hands it one of these,
// usually an instance of decode_one_of.
using DecodeBody = sim::Result<std::unique_ptr<Body>> (*)(Opcode, MessageKind, Reader&);

// Bodies as a list, to join the lists of several protocols.
template <typename... Each>
struct Bodies {
  // Decodes the body of this opcode and kind if it is one of the list, else leaves null.
  static std::unique_ptr<Body> decode_if(Opcode opcode, MessageKind kind, Reader& in) {
    std::unique_ptr<Body> body;
    (decode_as<Each>(opcode, kind, in, body) || ...);
    return body;
  }

 private:
  template <typename T>
  static bool decode_as(Opcode opcode, MessageKind kind, Reader& in, std::unique_ptr<Body>& body) {
    if (T::kOpcode == opcode && T::kKind == kind) {
      auto decoded = std::make_unique<T>();
      in(*decoded);
      body = std::move(decoded);
    }
    return body != nullptr;
  }
};

// A DecodeBody for exactly the bodies of these lists: `&decode_one_of<OstBodies, MdsBodies>`, where
// `using OstBodies = Bodies<OstReadRequest, OstReadReply, ...>`.
template <typename... Lists>
sim::Result<std::unique_ptr<Body>> decode_one_of(Opcode opcode, MessageKind kind, Reader& in) {
  std::unique_ptr<Body> body;
  ((body = Lists::decode_if(opcode, kind, in)) || ...);
  if (body == nullptr) {
    in.fail("no body of this operation and kind is known");
  }
  if (!in.ok()) {
    return in.error();
  }
  return body;
}

}  // namespace transport
