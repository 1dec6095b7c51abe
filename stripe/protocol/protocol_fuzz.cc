// Any bytes as a frame of the protocol: refused, or a message that encodes and decodes to itself.
#include <cstddef>
#include <cstdint>
#include <span>

#include "stripe/protocol/protocol_codec.h"
#include "transport/round_trip.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  transport::check_round_trip(std::as_bytes(std::span(data, size)), stripe::decode_body());
  return 0;
}
