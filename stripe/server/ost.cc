#include "stripe/server/ost.h"

namespace stripe {

Ost::Ost(sim::Loop& loop, transport::Network& network, transport::Address address, std::string name,
         Services services, ObjectStore& store, IoCosts costs)
    : name_(std::move(name)),
      services_(services),
      store_(store),
      handler_(services.host, store, costs),
      server_(loop, network, address, *this) {}

transport::Service* Ost::route(const transport::Message& request, transport::NrsKey& key) {
  const transport::Opcode opcode = request.header.opcode;
  if (opcode == kOstRead || opcode == kOstWrite) {
    key = IoHandler::key(request);
    return &services_.io;
  }
  return IoHandler::knows(opcode) ? &services_.other : nullptr;
}

}  // namespace stripe
