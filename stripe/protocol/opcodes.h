// Operation codes of the modelled protocol, with Lustre's numbers.
#pragma once

#include <span>
#include <string_view>

#include "transport/message.h"

namespace stripe {

inline constexpr transport::Opcode kOstGetattr = 1;
inline constexpr transport::Opcode kOstRead = 3;
inline constexpr transport::Opcode kOstWrite = 4;
inline constexpr transport::Opcode kOstCreate = 5;
inline constexpr transport::Opcode kOstDestroy = 6;
inline constexpr transport::Opcode kOstPunch = 10;
inline constexpr transport::Opcode kOstStatfs = 13;
inline constexpr transport::Opcode kOstSync = 16;
inline constexpr transport::Opcode kOstSetInfo = 17;
inline constexpr transport::Opcode kMdsClose = 35;
inline constexpr transport::Opcode kMdsReint = 36;
inline constexpr transport::Opcode kMdsReadpage = 37;
inline constexpr transport::Opcode kMdsSync = 44;
inline constexpr transport::Opcode kLdlmEnqueue = 101;  // with an intent, to an MDT
inline constexpr transport::Opcode kLdlmConvert = 102;
inline constexpr transport::Opcode kLdlmCancel = 103;
inline constexpr transport::Opcode kLdlmBlocking = 104;
inline constexpr transport::Opcode kLdlmCompletion = 105;
inline constexpr transport::Opcode kLdlmGlimpse = 106;
// Lustre's LDLM_ENQUEUE to an OST; apart from the other so that the two are counted apart.
inline constexpr transport::Opcode kLdlmExtent = 1101;
// Of share servers; what SMB2 calls CREATE, CLOSE, WRITE and OPLOCK_BREAK.
inline constexpr transport::Opcode kShareOpen = 2001;
inline constexpr transport::Opcode kShareClose = 2002;
inline constexpr transport::Opcode kShareWrite = 2003;
inline constexpr transport::Opcode kShareBreak = 2004;

// Lustre's name of an opcode ("OST_READ"), also of the transport's own; "UNKNOWN" otherwise.
std::string_view opcode_name(transport::Opcode opcode);

// Every opcode with a name, ascending.
std::span<const transport::Opcode> all_opcodes();

}  // namespace stripe
