#include "transport/connect.h"

#include "transport/message_definitions.h"

namespace transport {

template struct MessageBody<ConnectRequest, kConnect>;
template struct MessageBody<ConnectReply, kConnect, MessageKind::reply>;
template struct MessageBody<DisconnectRequest, kDisconnect>;
template struct MessageBody<PingRequest, kPing>;
template struct MessageBody<PingReply, kPing, MessageKind::reply>;

}  // namespace transport
