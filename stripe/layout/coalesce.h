// When bytes may join the request before them: one rule per coalescing policy.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sim/units.h"

namespace stripe {

enum class Coalesce : std::uint8_t {
  none,          // a request per chunk
  adjacent,      // bytes that follow each other share a request
  read_through,  // reads also fetch the holes between them, and drop those bytes
  vector         // several ranges in one request, as Lustre's BRW has; for SMB a protocol extension
};

// The policy's name as written above, and back; nothing for an unknown name.
std::string_view coalesce_name(Coalesce policy);
std::optional<Coalesce> parse_coalesce(std::string_view name);

// The request being filled, as the rules see it.
struct OpenRequest {
  sim::Bytes end = 0;   // address behind its last byte
  sim::Bytes room = 0;  // bytes it can still take, holes included
  std::uint32_t ranges = 0;
};

struct CoalesceLimits {
  sim::Bytes max_hole = sim::kEof;  // read_through: the widest hole worth fetching, in bytes
  std::uint32_t max_ranges = 1;     // vector: ranges per request
};

// How bytes join: behind `gap` bytes nobody wants, or as a range of their own.
struct Join {
  sim::Bytes gap = 0;
  bool new_range = false;
};

// How bytes at `address` (not before `open.end`) join `open` under `policy`; nothing when they must
// start another request.
std::optional<Join> join(Coalesce policy, const OpenRequest& open, sim::Bytes address,
                         const CoalesceLimits& limits);

}  // namespace stripe
