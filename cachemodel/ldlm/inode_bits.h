// The parts of an inode that an inode-bits lock of an MDT may cover (Lustre 2.17, lustre_idl.h).
#pragma once

#include <cstdint>

namespace cachemodel {

// A set of the bits below.
using InodeBits = std::uint32_t;

inline constexpr InodeBits kBitLookup = 0x01;  // the name's target is this inode
inline constexpr InodeBits kBitUpdate = 0x02;  // size, link count, times, a directory's entries
inline constexpr InodeBits kBitOpen = 0x04;    // an open handle the client may keep
inline constexpr InodeBits kBitLayout = 0x08;  // the striping
inline constexpr InodeBits kBitPerm = 0x10;    // mode, owner, ACL
inline constexpr InodeBits kBitXattr = 0x20;   // the user's extended attributes
inline constexpr InodeBits kBitDom = 0x40;     // data kept on the MDT
inline constexpr InodeBits kAllInodeBits = 0x7F;

}  // namespace cachemodel
