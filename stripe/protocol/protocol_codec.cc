#include "stripe/protocol/protocol_codec.h"

#include "stripe/protocol/all_bodies.h"
#include "transport/message_definitions.h"

namespace stripe {

transport::DecodeBody decode_body() {
  return &transport::decode_one_of<AllBodies<transport::Bodies>>;
}

}  // namespace stripe
