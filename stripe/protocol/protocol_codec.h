// The bodies of the whole protocol from bytes.
#pragma once

#include "transport/message_body.h"

namespace stripe {

// Decodes every request and reply of stripe/protocol and of the transport itself.
transport::DecodeBody decode_body();

}  // namespace stripe
