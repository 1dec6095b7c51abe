// How long a client believed that a target keeps what it kept for it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "transport/message.h"

namespace transport {

// A client that a server has given up, and when.
struct Eviction {
  Address client;
  sim::TimePoint at;
  // The generations that the connection it ended has had; 0: the client had none yet with this
  // server, which has started anew and waited for it.
  std::uint32_t first = 0;
  std::uint32_t last = 0;
};

// A standing begins with a connection to a target that keeps nothing for this client yet. It goes
// on over lost connections as long as the target knows the client at the next one; it ends when
// the client gives the connection up, or learns at the next one that it is not known any more.
class Standings {
 public:
  // `known`: the target had not forgotten the client.
  void connected(sim::TimePoint now, std::uint32_t generation, bool known);
  // Calls go through, as far as the client can tell.
  void usable();
  void lost(sim::TimePoint now);
  void given_up(sim::TimePoint now);

  // When a client found out that it was evicted.
  struct Discovery {
    sim::TimePoint missed;   // it knew that it had no connection
    sim::TimePoint noticed;  // it believed nothing any more of what the target had kept for it
  };
  // An eviction that ended no connection of a standing (the client had given it up by then, or
  // never heard that it was made) is discovered at once. What is still to come is told as `now`.
  Discovery discovery_of(const Eviction& eviction, sim::TimePoint now) const;

 private:
  struct Standing {
    std::uint32_t first = 0;  // generation
    std::uint32_t last = 0;
    sim::TimePoint from;
    std::optional<sim::TimePoint> lost;  // its last connection, and no other was made in it
    std::optional<sim::TimePoint> until;
  };
  static bool ended_by(const Standing& standing, const Eviction& eviction);

  std::vector<Standing> all_;  // in order of time
};

}  // namespace transport
