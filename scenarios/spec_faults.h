// What goes wrong during a run, and when. Plain data, as spec.h.
#pragma once

#include <optional>
#include <string>

#include "sim/units.h"

namespace scenarios {

// The way between two nodes. Nodes are called as in reports: "mds0", "oss3", and a client by its
// group and number, "clients0".
struct LinkSpec {
  std::string from;
  std::string to;
  sim::Duration delay;  // of a link_delay: on top of what a message takes anyway, each way
  bool operator==(const LinkSpec&) const = default;
};

// One thing that goes wrong. Exactly one of the members behind `duration` is there.
struct FaultSpec {
  sim::Duration at;                   // since the run began
  sim::Duration duration;             // longer than nothing
  std::string silent_client;          // whatever it sends or is sent is lost
  std::optional<LinkSpec> link_down;  // the same, of two nodes only
  std::optional<LinkSpec> link_delay;
  // An OSS or the MDS stops, and comes back without what it had in memory only.
  std::string restart;
  bool operator==(const FaultSpec&) const = default;
};

}  // namespace scenarios
