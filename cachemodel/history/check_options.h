// What the user of the checker chooses.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sim/units.h"

namespace cachemodel {

struct CheckOptions {
  sim::Duration staleness_bound;        // what bounded_staleness promises; a stale read as old as
                                        // this keeps the promise
  std::vector<std::uint32_t> group_of;  // of each client; those beyond the end are of group 0
  std::size_t stories = 3;              // of each kind of violation; 0 tells none
  // How stories name a file; "file N" without.
  std::function<std::string(std::uint64_t)> file_name;
};

}  // namespace cachemodel
