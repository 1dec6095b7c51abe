// Reads what a user made elsewhere: IOR scripts and traces.
#pragma once

#include <filesystem>
#include <istream>
#include <string>
#include <string_view>

#include "sim/status.h"

namespace scenarios {

// What a regular file of at most 1 GiB holds. Anything else is refused, a pipe too: no file that a
// scenario names may keep a run waiting.
sim::Result<std::string> read_input_file(const std::filesystem::path& path);

// The same of what is left of a stream, which `name` tells in an error.
sim::Result<std::string> read_input_stream(std::istream& in, std::string_view name);

}  // namespace scenarios
