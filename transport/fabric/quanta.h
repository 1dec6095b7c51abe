// How messages are cut for sharing a port.
#pragma once

#include <cstdint>

#include "sim/status.h"
#include "sim/units.h"

namespace transport {

// What a port sends of one message before it turns to the next: small enough that messages share a
// port smoothly, large enough to simulate; a round of 8 messages at 100 Gbit/s takes 42 us.
inline constexpr sim::Bytes kQuantum = 64 * sim::kKiB;

// A message as a sequence of quanta: all full but the last, which has 1 to kQuantum bytes.
struct Quanta {
  std::uint32_t count = 0;
  sim::Bytes last = 0;
};

inline Quanta quanta_of(sim::Bytes bytes) {
  sim::check(bytes >= 1 && bytes <= 16 * sim::kGiB, "a message has 1 byte to 16 GiB");
  return {static_cast<std::uint32_t>((bytes - 1) / kQuantum + 1), (bytes - 1) % kQuantum + 1};
}

// Rate::time_for in 64-bit arithmetic. `rate` is limited and `bytes` at most kQuantum; the result
// is at least 1 ns for at least 1 byte.
inline sim::Duration quantum_time(sim::Rate rate, sim::Bytes bytes) {
  const std::uint64_t r = rate.bytes_per_second();
  const std::uint64_t scaled = bytes * 1'000'000'000u;
  return sim::Duration(static_cast<std::int64_t>(scaled / r + (scaled % r != 0 ? 1 : 0)));
}

}  // namespace transport
