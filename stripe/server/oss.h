// An object storage server: a machine with its threads and the targets that share them.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "stripe/server/ost.h"

namespace stripe {

struct OssOptions {
  // For reads and writes of all its targets (Lustre: ll_ost_io; oss_max_threads 512 is a server's).
  std::uint32_t io_threads = 512;
  std::uint32_t other_threads = 64;    // for everything else (Lustre: ll_ost)
  std::string nrs = "fifo";            // of reads and writes; one of transport::nrs_policies()
  std::uint32_t cancel_threads = 128;  // for LDLM_CANCEL (Lustre: ldlm_canceld, at most 128)
  IoCosts costs;
  LockOptions locks;
};

class Oss final : transport::Handler {
 public:
  // `name` ("oss3") is for reports. Loop, network and host must outlive the OSS. options.nrs must
  // be a known policy.
  Oss(sim::Loop& loop, transport::Network& network, std::string name, sim::Host& host,
      const OssOptions& options);
  ~Oss() override;

  // One more target, which lives as long as the OSS. `store` must outlive both. Different targets
  // have different addresses.
  Ost& add_ost(transport::Address address, std::string name, ObjectStore& store);

  const transport::Service& io_service() const { return io_; }
  const transport::Service& other_service() const { return other_; }
  const transport::Service& cancel_service() const { return cancels_; }

 private:
  sim::Task<transport::Reply> handle(transport::Request& request) override;

  sim::Loop& loop_;
  transport::Network& network_;
  sim::Host& host_;
  OssOptions options_;
  std::map<transport::Address, std::unique_ptr<Ost>> osts_;
  // Behind the targets: their threads must be gone first.
  transport::Service io_;
  transport::Service other_;
  transport::Service cancels_;
};

}  // namespace stripe
