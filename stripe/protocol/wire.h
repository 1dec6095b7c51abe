// Sizes of messages as the modelled protocol (Lustre 2.17's ptlrpc) lays them out.
#pragma once

#include <initializer_list>

#include "sim/units.h"

namespace stripe {

constexpr sim::Bytes round_up_8(sim::Bytes n) { return (n + 7) / 8 * 8; }

// lustre_msg_v2: 32 bytes and 4 for each buffer, then the buffers, everything rounded up to 8.
constexpr sim::Bytes ptlrpc_message(std::initializer_list<sim::Bytes> buffers) {
  sim::Bytes size = round_up_8(32 + 4 * buffers.size());
  for (const sim::Bytes b : buffers) {
    size += round_up_8(b);
  }
  return size;
}

// Sizes of the fixed buffers (lustre_idl.h of Lustre 2.17).
inline constexpr sim::Bytes kPtlrpcBody = 184;
inline constexpr sim::Bytes kOstBody = 208;
inline constexpr sim::Bytes kObdIoobj = 24;
inline constexpr sim::Bytes kNiobufRemote = 16;
inline constexpr sim::Bytes kLdlmRequest = 88;
inline constexpr sim::Bytes kLdlmReply = 112;
inline constexpr sim::Bytes kLdlmIntent = 8;
inline constexpr sim::Bytes kMdtBody = 216;
inline constexpr sim::Bytes kMdtRec = 136;
inline constexpr sim::Bytes kObdStatfs = 144;
inline constexpr sim::Bytes kOstLvb = 56;

}  // namespace stripe
