// The models of the network by name.
#pragma once

#include <memory>

#include "sim/loop.h"
#include "transport/fabric/fabric.h"
#include "transport/fabric/topology.h"

namespace transport {

enum class FabricModel : std::uint8_t {
  fast,       // what runs use
  reference,  // the same times, spelled out; for comparisons
};

// Loop and topology must outlive the fabric.
std::unique_ptr<Fabric> make_fabric(FabricModel model, sim::Loop& loop, const Topology& topology);

}  // namespace transport
