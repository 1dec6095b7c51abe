// What MessageBody declares, and decoding by lists of bodies: for the source that defines a
// protocol.
#pragma once

#include <memory>
#include <utility>

#include "transport/message_body.h"

namespace transport {

template <typename T, Opcode kCode, MessageKind kWhich>
void MessageBody<T, kCode, kWhich>::encode(Writer& out) const {
  out(static_cast<const T&>(*this));
}

template <typename T, Opcode kCode, MessageKind kWhich>
std::unique_ptr<Body> MessageBody<T, kCode, kWhich>::clone() const {
  return std::make_unique<T>(static_cast<const T&>(*this));
}

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
