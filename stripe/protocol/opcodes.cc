#include "stripe/protocol/opcodes.h"

#include <algorithm>
#include <array>

#include "transport/connect.h"

namespace stripe {
namespace {

struct Named {
  transport::Opcode opcode;
  std::string_view name;
};

constexpr std::array kNames = {Named{kOstGetattr, "OST_GETATTR"},
                               Named{kOstRead, "OST_READ"},
                               Named{kOstWrite, "OST_WRITE"},
                               Named{kOstCreate, "OST_CREATE"},
                               Named{kOstDestroy, "OST_DESTROY"},
                               Named{transport::kConnect, "OBD_CONNECT"},
                               Named{transport::kDisconnect, "OBD_DISCONNECT"},
                               Named{kOstPunch, "OST_PUNCH"},
                               Named{kOstStatfs, "OST_STATFS"},
                               Named{kOstSync, "OST_SYNC"},
                               Named{kOstSetInfo, "OST_SET_INFO"},
                               Named{kMdsClose, "MDS_CLOSE"},
                               Named{kMdsReint, "MDS_REINT"},
                               Named{kMdsReadpage, "MDS_READPAGE"},
                               Named{kMdsSync, "MDS_SYNC"},
                               Named{kLdlmEnqueue, "LDLM_ENQUEUE"},
                               Named{kLdlmConvert, "LDLM_CONVERT"},
                               Named{kLdlmCancel, "LDLM_CANCEL"},
                               Named{kLdlmBlocking, "LDLM_BL_CALLBACK"},
                               Named{kLdlmCompletion, "LDLM_CP_CALLBACK"},
                               Named{kLdlmGlimpse, "LDLM_GL_CALLBACK"},
                               Named{transport::kPing, "OBD_PING"},
                               Named{kLdlmExtent, "LDLM_EXTENT_ENQUEUE"},
                               Named{kShareOpen, "SHARE_OPEN"},
                               Named{kShareClose, "SHARE_CLOSE"},
                               Named{kShareWrite, "SHARE_WRITE"},
                               Named{kShareBreak, "OPLOCK_BREAK"}};

}  // namespace

std::string_view opcode_name(transport::Opcode opcode) {
  const auto found = std::ranges::find(kNames, opcode, &Named::opcode);
  return found == kNames.end() ? "UNKNOWN" : found->name;
}

std::span<const transport::Opcode> all_opcodes() {
  static constexpr auto kOpcodes = [] {
    std::array<transport::Opcode, kNames.size()> all{};
    std::ranges::transform(kNames, all.begin(), &Named::opcode);
    return all;
  }();
  return kOpcodes;
}

}  // namespace stripe
