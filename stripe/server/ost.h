// An object storage target.
#pragma once

#include <optional>
#include <string>

#include "stripe/server/grants.h"
#include "stripe/server/io_handler.h"
#include "stripe/server/journal.h"
#include "stripe/server/lock_handler.h"
#include "transport/server.h"

namespace stripe {

// One store behind one address; the threads are its object storage server's (see oss.h). Reads and
// writes have threads of their own, so that attributes and the like never wait behind bulk.
class Ost final : transport::Router, public transport::Handler {
 public:
  // What a target has of its server.
  struct Services {
    sim::Host& host;
    transport::Service& io;       // OST_READ, OST_WRITE
    transport::Service& other;    // everything else
    transport::Service& cancels;  // LDLM_CANCEL, which nothing else may delay
  };

  // `name` ("OST0003") is for reports. Loop, network and store must outlive the OST. The services
  // must be gone before it, since their threads answer through it.
  Ost(sim::Loop& loop, transport::Network& network, transport::Address address, std::string name,
      Services services, ObjectStore& store, IoCosts costs, LockOptions locks);

  sim::Task<transport::Reply> handle(transport::Request& request) override;

  // From now on what is changed is lost with a restart unless it has become stable, and clients
  // are told what has. `last_change`: the number of the last change before.
  void keep_journal(const JournalOptions& options, std::uint64_t last_change,
                    std::uint64_t committed);

  const std::string& name() const { return name_; }
  const IoCounts& counts() const { return handler_.counts(); }
  transport::Server& server() { return server_; }
  LockService& locks() { return locks_; }
  const Grants& grants() const { return grants_; }

 private:
  transport::Service* route(const transport::Message& request, transport::NrsKey& key) override;
  std::unique_ptr<transport::Request> hold_back(std::unique_ptr<transport::Request> request,
                                                transport::Service& service) override;
  std::uint64_t client_came(transport::Address client, std::uint64_t wanted) override;
  void client_gone(transport::Address client) override;
  sim::Task<transport::Reply> shrink(transport::Request& request);
  sim::Task<transport::Reply> sync(transport::Request& request);
  sim::Task<transport::Reply> journaled_sync(transport::Request& request);

  sim::Loop& loop_;
  std::string name_;
  Services services_;
  ObjectStore& store_;
  transport::Server server_;
  LockService locks_;
  LockHandler lock_handler_;
  const IoCosts costs_;
  Grants grants_;
  IoHandler handler_;
  std::optional<Journal> journal_;  // none: nothing can be lost
};

}  // namespace stripe
