// Messages as frames.
//
// A frame is a head and the bulk. The head is a prefix that tells both sizes, the header's fields,
// the body, and padding such that the whole frame is as long as the modelled protocol's message
// (Message::wire_size()) if our own encoding is shorter.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "sim/status.h"
#include "transport/message_body.h"

namespace transport {

// Bytes that tell how long the rest is.
inline constexpr std::size_t kPrefixSize = 16;
// Limits on both sides: a longer head or bulk is a broken invariant of the sender, and loses a peer
// its connection. Lustre 2.17 moves at most 16 MiB in one RPC (4096 pages).
inline constexpr std::size_t kMaxHead = std::size_t{4} * sim::kMiB;
inline constexpr std::size_t kMaxBulk = std::size_t{64} * sim::kMiB;

struct FrameSizes {
  std::size_t head = 0;  // prefix, body and padding included
  std::size_t bulk = 0;
};

// Checks the prefix (its first kPrefixSize bytes) of a frame: magic, version, kind, sizes.
sim::Result<FrameSizes> decode_prefix(std::span<const std::byte> prefix);

// Appends the head of the frame to the empty `head` and turns message.bulk into bytes, which follow
// the head on the wire. Bytes of unknown content travel as zeros that are marked as unknown.
void encode_message(Message& message, Writer& head);

// A message from its head and the bytes that followed. Bulk marked as unknown loses its bytes.
// Message::transit is zero.
sim::Result<MessagePtr> decode_message(std::span<const std::byte> head, Payload bulk,
                                       DecodeBody decode);

// The same for a frame that stands in one piece; the bulk is copied.
sim::Result<MessagePtr> decode_frame(std::span<const std::byte> frame, DecodeBody decode);

template <class V>
void fields(V& v, Address& address) {
  v(address.node, address.port);
}
template <class V>
void fields(V& v, Stamp& stamp) {
  v(stamp.value);
}

}  // namespace transport
