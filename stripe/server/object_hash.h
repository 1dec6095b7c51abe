// Spreads object names over hash tables.
#pragma once

#include <cstddef>
#include <cstdint>

#include "stripe/layout/object_id.h"

namespace stripe {

// Multiplicative mixing of sequence and number; numbers within a sequence are consecutive, so the
// high half is folded down into the bits that tables look at.
struct ObjectIdHash {
  using is_avalanching = void;  // tells boost::unordered that it needs no second mixing
  std::size_t operator()(const ObjectId& id) const {
    const auto product = static_cast<unsigned __int128>(id.oid ^ (id.seq * 0x9E3779B97F4A7C15u)) *
                         0xD6E8FEB86659FD93u;
    return static_cast<std::size_t>(product) ^ static_cast<std::size_t>(product >> 64);
  }
};

}  // namespace stripe
