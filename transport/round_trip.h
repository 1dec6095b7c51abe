// What fuzzing asks of frames, whatever the protocol.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

#include "sim/status.h"
#include "transport/message_codec.h"

namespace transport {

// `bytes` are refused as a frame, or become a message that encodes and decodes to itself, and whose
// body can be copied.
inline void check_round_trip(std::span<const std::byte> bytes, DecodeBody decode) {
  auto message = decode_frame(bytes, decode);
  if (!message) {
    return;
  }
  Writer once;
  encode_message(**message, once);
  auto again = decode_message(once.bytes(), (*message)->bulk.clone(), decode);
  sim::check(again.ok(), "what was decoded once is refused the second time");
  if ((*again)->body) {
    (*again)->body = (*again)->body->clone();
  }
  Writer twice;
  encode_message(**again, twice);
  sim::check(std::ranges::equal(once.bytes(), twice.bytes()), "a second round trip changes bytes");
}

}  // namespace transport
