// The table of IOR's options: one row says an option's letter, its names and what it sets.
#pragma once

#include <span>
#include <string_view>

#include "scenarios/workload/ior_options.h"
#include "scenarios/workload/ior_value.h"
#include "sim/status.h"

namespace scenarios {

struct IorOptionRow {
  char letter;            // '\0': none
  std::string_view name;  // the key in scripts and -O, also the --long name; case is ignored
  bool takes_value;       // on a command line
  sim::Status (*apply)(IorOptions&, const IorValue&);
};

std::span<const IorOptionRow> ior_option_rows();

}  // namespace scenarios
