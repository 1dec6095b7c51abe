#include "stripe/server/oss.h"

namespace stripe {

Oss::Oss(sim::Loop& loop, transport::Network& network, std::string name, sim::Host& host,
         const OssOptions& options)
    : loop_(loop),
      network_(network),
      host_(host),
      options_(options),
      io_(loop, name + ".io", options.io_threads, transport::make_nrs(options.nrs), *this),
      other_(loop, name + ".other", options.other_threads, transport::make_fifo(), *this),
      cancels_(loop, name + ".cancel", options.cancel_threads, transport::make_fifo(), *this) {}
Oss::~Oss() = default;

Ost& Oss::add_ost(transport::Address address, std::string name, ObjectStore& store) {
  std::unique_ptr<Ost>& ost = osts_[address];
  sim::check(ost == nullptr, "two targets of a server have one address");
  ost = std::make_unique<Ost>(loop_, network_, address, std::move(name),
                              Ost::Services{host_, io_, other_, cancels_}, store, options_.costs,
                              options_.locks);
  return *ost;
}

sim::Task<transport::Reply> Oss::handle(transport::Request& request) {
  return osts_.at(request.server->address())->handle(request);
}

}  // namespace stripe
