// Small scenarios drawn from a seed, for the laws that must hold in any of them.
#pragma once

#include <cstdint>
#include <string>

namespace scenarios {

// A scenario file whose stores keep contents and whose reads are verified. Every choice that may be
// made is made somewhere: layouts, designs, workloads, fabric, hardware. What it leaves out is what
// only locks between clients would make right: no client reads what another keeps dirty, and none
// shares a page that it caches with a writer on another node.
struct SwarmScenario {
  std::string text;
  bool alone = true;        // one group: what crosses the network in a phase is that phase's
  bool direct = true;       // every group bypasses its cache
  bool whole_pages = true;  // every transfer is a whole number of pages
  bool instant = true;      // no device takes time: quick in real time too
};
SwarmScenario swarm_scenario(std::uint64_t seed);

}  // namespace scenarios
