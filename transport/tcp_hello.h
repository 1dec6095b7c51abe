// The first bytes on every TCP connection: who dials whom, and what for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "sim/status.h"
#include "transport/message_codec.h"

namespace transport {

// Messages of one class travel on a connection of their own.
enum class TrafficClass : std::uint8_t { control, bulk };
inline constexpr std::size_t kTrafficClasses = 2;
constexpr TrafficClass last_of(TrafficClass) { return TrafficClass::bulk; }

// Only bulk_put waits for bulk; everything else must not.
constexpr TrafficClass class_of(MessageKind kind) {
  return kind == MessageKind::bulk_put ? TrafficClass::bulk : TrafficClass::control;
}

struct Hello {
  NodeId from = 0;
  NodeId to = 0;
  TrafficClass traffic = TrafficClass::control;
  // Grows with every new link of the dialling side: connections of one session belong together.
  std::uint64_t session = 0;
  bool operator==(const Hello&) const = default;
};

inline constexpr std::size_t kHelloSize = 22;

void encode_hello(Hello hello, Writer& out);
// Refuses what is not a hello of this version, with the reason.
sim::Result<Hello> decode_hello(std::span<const std::byte> bytes);

}  // namespace transport
