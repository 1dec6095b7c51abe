// --set PATH=VALUE: changes one value of a scenario's JSON before it is read.
#pragma once

#include <string_view>

#include "scenarios/json_text.h"
#include "sim/status.h"

namespace scenarios {

// Applies `setting`. PATH is as in "clients[0].design.max_rpc_size"; objects on the way are made,
// list entries must exist ("[*]" is all there are), and a design named by its preset becomes an
// object that starts from it. VALUE is JSON or else a bare word ("1MiB", "nvme_2023").
// invalid_argument names the step of the path that no scenario has, with the nearest one, and
// leaves `scenario` unchanged. Relative paths in VALUE begin in `directory`, "" being the working
// directory, and are made absolute.
sim::Status apply_setting(std::string_view setting, Json& scenario,
                          std::string_view directory = "");

// The same with a value of the scenario's own: its paths stay as they are.
sim::Status apply_value(std::string_view path, const Json& value, Json& scenario);

}  // namespace scenarios
