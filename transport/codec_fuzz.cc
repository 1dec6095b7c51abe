// Any bytes as a frame: refused, or a message that encodes and decodes to itself.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "sim/status.h"
#include "transport/example_protocol.h"
#include "transport/message_codec.h"
#include "transport/tcp_hello.h"

namespace {

void check_round_trip(transport::Message& message) {
  transport::Writer once;
  encode_message(message, once);
  auto again = decode_message(once.bytes(), message.bulk.clone(), transport::example::kDecode);
  sim::check(again.ok(), "what was decoded once is refused the second time");
  transport::Writer twice;
  encode_message(**again, twice);
  sim::check(std::ranges::equal(once.bytes(), twice.bytes()), "a second round trip changes bytes");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  if (auto message = decode_frame(bytes, transport::example::kDecode)) {
    check_round_trip(**message);
  }
  if (const auto hello = transport::decode_hello(bytes)) {
    transport::Writer out;
    encode_hello(*hello, out);
    sim::check(std::ranges::equal(out.bytes(), bytes), "a hello has two encodings");
  }
  return 0;
}
