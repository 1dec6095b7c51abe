// Whether a cluster can make files of a layout.
#pragma once

#include <string>
#include <vector>

#include "scenarios/spec.h"
#include "sim/status.h"

namespace scenarios {

// Refuses `lfs setstripe` options that do not parse, that name an OST or a pool the cluster does
// not have, or that make no layout on it. Empty options are the default layout.
sim::Status check_layout(const std::string& options, const ClusterSpec& cluster);

// A sentence for each thing that options which check_layout() takes ask for and will not get.
std::vector<std::string> layout_notes(const std::string& options, const ClusterSpec& cluster);

}  // namespace scenarios
