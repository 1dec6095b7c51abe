#include "stripe/protocol/protocol_codec.h"

#include "stripe/protocol/mds_messages.h"
#include "stripe/protocol/ost_messages.h"
#include "transport/connect.h"

namespace stripe {

transport::DecodeBody decode_body() {
  return &transport::decode_one_of<transport::Bodies<
      transport::ConnectRequest, transport::ConnectReply, transport::DisconnectRequest,
      OstReadRequest, OstReadReply, OstWriteRequest, OstWriteReply, OstGetattrRequest,
      OstGetattrReply, OstPunchRequest, OstPunchReply, OstSyncRequest, OstSyncReply,
      OstDestroyRequest, OstDestroyReply, OstCreateRequest, OstCreateReply, OstStatfsRequest,
      OstStatfsReply, MdsIntentRequest, MdsIntentReply, MdsCloseRequest, MdsCloseReply,
      MdsReintRequest, MdsReintReply, MdsReadpageRequest, MdsReadpageReply>>;
}

}  // namespace stripe
