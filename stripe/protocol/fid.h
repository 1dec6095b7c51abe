// The identity of a file or directory.
#pragma once

#include <compare>
#include <cstdint>

namespace stripe {

// Unique in the file system and never used again (Lustre: lu_fid, 16 bytes).
struct Fid {
  std::uint64_t seq = 0;
  std::uint32_t oid = 0;
  std::uint32_t ver = 0;
  auto operator<=>(const Fid&) const = default;
  bool valid() const { return seq != 0; }

  // What names the file in the contents of its bytes (transport/payload.h).
  std::uint64_t content_id() const { return seq << 32 ^ oid; }

  template <class V>
  void fields(V& v) {
    v(seq, oid, ver);
  }
};

// The root directory of every file system (Lustre: FID_SEQ_ROOT 0x200000007, oid 1).
inline constexpr Fid kRootFid{0x200000007, 1, 0};

}  // namespace stripe
