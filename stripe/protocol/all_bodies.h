// The one list of what the protocol consists of.
#pragma once

#include "stripe/protocol/ldlm_messages.h"
#include "stripe/protocol/mds_messages.h"
#include "stripe/protocol/ost_messages.h"
#include "stripe/protocol/share_messages.h"
#include "transport/connect.h"

namespace stripe {

// Every request and reply of stripe/protocol and of the transport itself, as the arguments of
// `List`.
template <template <typename...> typename List>
using AllBodies =
    List<transport::ConnectRequest, transport::ConnectReply, transport::DisconnectRequest,
         OstReadRequest, OstReadReply, OstWriteRequest, OstWriteReply, OstGetattrRequest,
         OstGetattrReply, OstPunchRequest, OstPunchReply, OstSyncRequest, OstSyncReply,
         OstDestroyRequest, OstDestroyReply, OstCreateRequest, OstCreateReply, OstSetInfoRequest,
         OstSetInfoReply, OstStatfsRequest, OstStatfsReply, MdsIntentRequest, MdsIntentReply,
         MdsCloseRequest, MdsCloseReply, MdsReintRequest, MdsReintReply, MdsReadpageRequest,
         MdsReadpageReply, MdsSyncRequest, MdsSyncReply, transport::PingRequest,
         transport::PingReply, LdlmExtentRequest, LdlmExtentReply, LdlmCancelRequest,
         LdlmCancelReply, LdlmConvertRequest, LdlmConvertReply, LdlmBlockingRequest,
         LdlmBlockingReply, LdlmCompletionRequest, LdlmCompletionReply, LdlmGlimpseRequest,
         LdlmGlimpseReply, ShareOpenRequest, ShareOpenReply, ShareCloseRequest, ShareCloseReply,
         ShareWriteRequest, ShareWriteReply, ShareBreakRequest, ShareBreakReply>;

}  // namespace stripe
