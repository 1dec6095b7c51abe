// Names an object on an OST.
#pragma once

#include <compare>
#include <cstdint>

namespace stripe {

// As in lov_ost_data_v1 (16 bytes): sequence and number. Unique within one OST.
struct ObjectId {
  std::uint64_t seq = 0;
  std::uint64_t oid = 0;
  auto operator<=>(const ObjectId&) const = default;
};

}  // namespace stripe
