// Where a client finds the servers' targets.
#pragma once

#include <cstdint>
#include <vector>

#include "transport/message.h"

namespace stripe {

// Where a cluster's targets are.
struct ClusterMap {
  transport::Address mdt;
  std::vector<transport::Address> osts;  // by OST index
  // Share servers that grant oplocks: each by itself, and those with one table.
  std::vector<transport::Address> share_servers;
  std::vector<transport::Address> clustered_share_servers;
  // By OST index: which share server stands on the node that holds it. May name one that does not
  // exist if the cluster has too few.
  std::vector<std::uint32_t> data_shares;
};

}  // namespace stripe
