// An object storage target.
#pragma once

#include <string>

#include "stripe/server/io_handler.h"
#include "transport/server.h"

namespace stripe {

// One store behind one address; the threads are its object storage server's (see oss.h). Reads and
// writes have threads of their own, so that attributes and the like never wait behind bulk.
class Ost final : transport::Router {
 public:
  // What a target has of its server.
  struct Services {
    sim::Host& host;
    transport::Service& io;     // OST_READ, OST_WRITE
    transport::Service& other;  // everything else
  };

  // `name` ("OST0003") is for reports. Loop, network and store must outlive the OST. The services
  // must be gone before it, since their threads answer through it.
  Ost(sim::Loop& loop, transport::Network& network, transport::Address address, std::string name,
      Services services, ObjectStore& store, IoCosts costs);

  const std::string& name() const { return name_; }
  const IoCounts& counts() const { return handler_.counts(); }
  IoHandler& handler() { return handler_; }
  ObjectStore& store() { return store_; }
  transport::Server& server() { return server_; }

 private:
  transport::Service* route(const transport::Message& request, transport::NrsKey& key) override;

  std::string name_;
  Services services_;
  ObjectStore& store_;
  IoHandler handler_;
  transport::Server server_;
};

}  // namespace stripe
