// Clients' requests for locks on objects' data, carried out: what an OST does, and an MDT for data
// kept on it.
#pragma once

#include "sim/host.h"
#include "stripe/server/lock_service.h"
#include "transport/service.h"

namespace stripe {

class LockHandler {
 public:
  // `cost`: processor time of an enqueue, and of each lock cancelled. All must outlive the handler.
  LockHandler(sim::Loop& loop, sim::Host& host, LockService& locks, sim::Duration cost)
      : loop_(loop), host_(host), locks_(locks), cost_(cost), tasks_(loop) {}

  // LDLM_EXTENT_ENQUEUE. A lock that has to wait holds no thread: a completion callback will tell.
  sim::Task<transport::Reply> enqueue(transport::Request& request);
  // LDLM_CANCEL. Somebody else's locks stay, and the client is told.
  sim::Task<transport::Reply> cancel(transport::Request& request);
  // LDLM_CONVERT.
  sim::Task<transport::Reply> convert(transport::Request& request);
  // Takes a transfer that the server has to lock and submits it to `service` once that is done; any
  // other request is given back.
  std::unique_ptr<transport::Request> hold_back(std::unique_ptr<transport::Request> request,
                                                transport::Service& service);

 private:
  std::optional<cachemodel::LockRequest> wanted_lock(const transport::Message& message) const;
  sim::Task<void> submit_locked(std::unique_ptr<transport::Request> request,
                                transport::Service& service, cachemodel::LockRequest wanted);
  transport::Reply restore(LockHandle handle, const cachemodel::LockRequest& wanted);
  transport::Reply grant(const cachemodel::LockRequest& wanted);
  sim::Task<transport::Reply> glimpse(transport::Request& request);

  sim::Loop& loop_;
  sim::Host& host_;
  LockService& locks_;
  sim::Duration cost_;
  sim::TaskGroup tasks_;
};

}  // namespace stripe
