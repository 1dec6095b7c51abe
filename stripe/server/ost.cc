#include "stripe/server/ost.h"

namespace stripe {

Ost::Ost(sim::Loop& loop, transport::Network& network, transport::Address address, std::string name,
         sim::Host& host, ObjectStore& store, const OstOptions& options)
    : name_(std::move(name)),
      store_(store),
      handler_(host, store, options.costs),
      server_(loop, network, address, *this),
      io_(loop, name_ + ".io", options.io_threads, transport::make_nrs(options.nrs), handler_,
          server_),
      other_(loop, name_ + ".other", options.other_threads, transport::make_fifo(), handler_,
             server_) {}

transport::Service* Ost::route(const transport::Message& request, transport::NrsKey& key) {
  const transport::Opcode opcode = request.header.opcode;
  if (opcode == kOstRead || opcode == kOstWrite) {
    key = IoHandler::key(request);
    return &io_;
  }
  return IoHandler::knows(opcode) ? &other_ : nullptr;
}

}  // namespace stripe
