// A share server: grants oplocks on files and breaks them. It carries no data.
#pragma once

#include <map>
#include <memory>

#include "cachemodel/lease.h"
#include "sim/host.h"
#include "stripe/protocol/share_messages.h"
#include "transport/server.h"

namespace stripe {

class ShareServer;

// What one share server knows, or several together (clustered Samba: its shared lock table).
struct ShareTable {
  cachemodel::LeaseTable leases;
  std::map<cachemodel::LeaseClient, ShareServer*> homes;  // through whom a client is reached
};

struct ShareOptions {
  // Processor time of an open, measured on Samba 4.17: CREATE takes 135 us in all, CLOSE 46 us.
  sim::Duration open = sim::microseconds(100);
  sim::Duration other = sim::microseconds(25);
  // To look into a table that other servers share; zero for its own (ctdb: about a round trip).
  sim::Duration table{};
  // After which a holder that does not answer counts as having nothing (Samba: 35 s).
  sim::Duration break_timeout = sim::seconds(35);
  std::uint32_t threads = 64;
};

class ShareServer final : transport::Router, transport::Handler {
 public:
  // `table` is this server's alone, or shared with others on the same loop. All outlive it.
  ShareServer(sim::Loop& loop, transport::Network& network, transport::Address address,
              sim::Host& host, std::shared_ptr<ShareTable> table, ShareOptions options);

  std::uint64_t breaks() const { return breaks_; }
  const transport::Service& service() const { return service_; }

 private:
  transport::Service* route(const transport::Message& request, transport::NrsKey& key) override;
  void client_gone(transport::Address client) override;
  sim::Task<transport::Reply> handle(transport::Request& request) override;
  sim::Task<transport::Reply> open(transport::Request& request);
  sim::Task<transport::Reply> close(transport::Request& request);
  sim::Task<transport::Reply> write(transport::Request& request);
  sim::Task<void> look_up(transport::Request& request, sim::Duration work);
  sim::Task<void> carry_out(Fid file, std::vector<cachemodel::LeaseBreak> breaks);
  sim::Task<void> break_one(Fid file, cachemodel::LeaseBreak lease);

  sim::Loop& loop_;
  sim::Host& host_;
  std::shared_ptr<ShareTable> table_;
  ShareOptions options_;
  std::uint64_t breaks_ = 0;
  transport::Server server_;
  transport::Service service_;
};

}  // namespace stripe
