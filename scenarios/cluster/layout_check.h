// Whether the files of a scenario can be made on its cluster, known before anything runs.
#pragma once

#include <string>
#include <vector>

#include "scenarios/spec.h"
#include "stripe/layout/layout_template.h"

namespace scenarios {

// Refuses OSTs and pools that are not there, first OSTs outside their pool, and more data on the
// MDT than it takes: what the MDT would refuse at every open. `wanted` passes check_template.
sim::Status check_layout(const stripe::LayoutTemplate& wanted, const ClusterSpec& cluster);

// A sentence for each thing that `wanted` asks for and will not get.
std::vector<std::string> layout_notes(const stripe::LayoutTemplate& wanted,
                                      const ClusterSpec& cluster);

}  // namespace scenarios
