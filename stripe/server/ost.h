// An object storage target.
#pragma once

#include <string>

#include "stripe/server/io_handler.h"
#include "transport/server.h"

namespace stripe {

struct OstOptions {
  std::uint32_t io_threads = 512;    // for reads and writes (Lustre: ll_ost_io, at most 512)
  std::uint32_t other_threads = 64;  // for everything else (Lustre: ll_ost)
  std::string nrs = "fifo";          // of reads and writes; one of transport::nrs_policies()
  IoCosts costs;
};

// Reads and writes have threads of their own, so that attributes and the like never wait behind
// bulk.
class Ost final : transport::Router {
 public:
  // `name` ("OST0003") is for reports. Loop, network, host and store must outlive the OST.
  // options.nrs must be a known policy.
  Ost(sim::Loop& loop, transport::Network& network, transport::Address address, std::string name,
      sim::Host& host, ObjectStore& store, const OstOptions& options);

  const std::string& name() const { return name_; }
  const IoCounts& counts() const { return handler_.counts(); }
  const transport::Service& io_service() const { return io_; }
  const transport::Service& other_service() const { return other_; }
  ObjectStore& store() { return store_; }
  transport::Server& server() { return server_; }

 private:
  transport::Service* route(const transport::Message& request, transport::NrsKey& key) override;

  std::string name_;
  ObjectStore& store_;
  IoHandler handler_;
  transport::Server server_;
  transport::Service io_;
  transport::Service other_;
};

}  // namespace stripe
