// Small scenarios of clients that share files while servers restart and clients fall silent, drawn
// from a seed: for what must hold whatever goes wrong.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/units.h"

namespace scenarios {

struct FaultScenario {
  std::string text;  // a scenario file
  // A ping interval and an RPC time-out: so long after an eviction a client knows at the latest
  // that it has no connection; and so long after it can speak to the server that it was evicted.
  sim::Duration notices_within;
  // What the network may take on top of that, at its slowest.
  sim::Duration network;
  // When something is wrong between clients and servers, in order of its beginning. A server that
  // has started anew takes no new connections until its recovery is over, which is not in here.
  struct Outage {
    sim::TimePoint from;
    sim::TimePoint to;
    std::optional<std::uint32_t> client = {};  // its number in the cluster; nothing: all
    std::string server = {};                   // empty: all
    bool concerns(std::uint32_t a_client, const std::string& a_server) const {
      return client.value_or(a_client) == a_client && (server.empty() || server == a_server);
    }
  };
  std::vector<Outage> outages;
};
// `mds`: the metadata server restarts as well; all else is as it is without that.
enum class MdsRestarts { no, yes };
FaultScenario fault_swarm_scenario(std::uint64_t seed, MdsRestarts mds = MdsRestarts::no);

}  // namespace scenarios
