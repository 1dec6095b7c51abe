// Accounts that a cluster keeps of its parts.
#pragma once

#include <cstdint>
#include <string>

#include "sim/units.h"

namespace scenarios {

// One resource's running account since the beginning.
struct ResourceCounter {
  std::string name;  // "oss0.tx"
  std::string kind;  // "nic", "link", "cpu", "threads", "device"
  std::uint32_t servers = 1;
  sim::Duration busy;    // worked, summed over the servers
  sim::Duration waited;  // by requests in its queue
};

// One OST's running account.
struct OstCounter {
  sim::Bytes bytes = 0;
  std::uint64_t rpcs = 0;
  sim::Duration device_busy;
  std::uint32_t device_servers = 1;
};

// What reads of OSTs found in the page caches of all object servers and what not, in whole pages.
struct OssCacheCounter {
  sim::Bytes hits = 0;
  sim::Bytes misses = 0;
};

}  // namespace scenarios
