// What a client keeps of its requests to an MDT, for the case that the MDT starts anew.
#include "stripe/client/mdc.h"

namespace stripe {
namespace {

// An open file that is the client's no longer is not opened again.
void amend_intent(transport::Body& kept, const transport::Body* answer) {
  auto& request = static_cast<MdsIntentRequest&>(kept);
  if (answer == nullptr) {
    if (request.replay) {
      request.replay->handle = 0;
    }
    return;
  }
  const auto& reply = static_cast<const MdsIntentReply&>(*answer);
  request.replay = {reply.attr.fid, reply.attr.ctime_ns, reply.handle, reply.created, {}};
  if (reply.created || request.intent == Intent::layout) {
    request.replay->layout = reply.layout;
  }
}

void amend_reint(transport::Body& kept, const transport::Body* answer) {
  if (answer != nullptr) {
    const FileAttr& attr = static_cast<const MdsReintReply&>(*answer).attr;
    static_cast<MdsReintRequest&>(kept).replay = {attr.fid, attr.ctime_ns, 0, false, {}};
  }
}

// Whether it has changed more than what is open.
bool is_change(transport::Opcode opcode, const transport::Body& request) {
  switch (opcode) {
    case kMdsReint:
      return true;
    case kMdsClose:
      return static_cast<const MdsCloseRequest&>(request).size_known;
    case kLdlmEnqueue: {
      const auto& intent = static_cast<const MdsIntentRequest&>(request);
      return intent.intent == Intent::layout || (intent.replay && intent.replay->created);
    }
    default:
      return false;
  }
}

}  // namespace

void Mdc::keep_for_replay(const MdsIntentRequest& request, transport::CallOptions& options) {
  options.lasting = request.intent == Intent::open;
  options.replays = options.lasting || (request.intent == Intent::layout && request.write);
  options.amend = amend_intent;
}

void Mdc::keep_for_replay(const MdsReintRequest&, transport::CallOptions& options) {
  options.replays = true;
  options.amend = amend_reint;
}

void Mdc::keep_for_replay(const MdsCloseRequest& request, transport::CallOptions& options) {
  options.replays = true;
  if (const auto open = opens().find(request.handle); open != opens().end()) {
    options.ends = open->second;
  }
}

// An eviction ends all that was open, here as there.
std::map<OpenHandle, std::uint64_t>& Mdc::opens() {
  const std::uint64_t evictions = import_.evictions();
  if (std::exchange(opens_evictions_, evictions) != evictions) {
    opens_.clear();
  }
  return opens_;
}

void Mdc::undone(transport::Opcode opcode, const transport::Body& request,
                 const transport::Payload& bulk, const transport::Payload* superseded) {
  changes_lost_ += is_change(opcode, request) ? 1 : 0;
  if (undone_hook_) {
    undone_hook_(opcode, request, bulk, superseded);
  }
}

}  // namespace stripe
