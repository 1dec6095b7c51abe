// Any bytes as a frame: refused, or a message that encodes and decodes to itself.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "sim/status.h"
#include "transport/example_protocol.h"
#include "transport/round_trip.h"
#include "transport/tcp_hello.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  transport::check_round_trip(bytes, transport::example::kDecode);
  if (const auto hello = transport::decode_hello(bytes)) {
    transport::Writer out;
    encode_hello(*hello, out);
    sim::check(std::ranges::equal(out.bytes(), bytes), "a hello has two encodings");
  }
  return 0;
}
