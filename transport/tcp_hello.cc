#include "transport/tcp_hello.h"

#include <fmt/core.h>

namespace transport {
namespace {

constexpr std::uint32_t kMagic = 0x48505453;  // "STPH" on the wire
constexpr std::uint8_t kVersion = 1;

}  // namespace

void encode_hello(Hello hello, Writer& out) {
  out(kMagic, kVersion, hello.traffic, hello.from, hello.to, hello.session);
}

sim::Result<Hello> decode_hello(std::span<const std::byte> bytes) {
  Reader in(bytes);
  std::uint32_t magic = 0;
  std::uint8_t version = 0;
  Hello hello;
  in(magic, version, hello.traffic, hello.from, hello.to, hello.session);
  if (in.ok() && (magic != kMagic || version != kVersion)) {
    in.fail(fmt::format("magic {:#010x} version {} instead of {:#010x} version {}", magic, version,
                        kMagic, kVersion));
  }
  if (in.ok() && in.remaining() > 0) {
    in.fail("more bytes than a hello has");
  }
  if (!in.ok()) {
    return sim::Error{sim::Errc::protocol, "hello refused: " + in.error().message};
  }
  return hello;
}

}  // namespace transport
