// The scenario and hardware files inside the binary, and files of the same kind on disk.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/status.h"

namespace scenarios {

// A text and where it came from: `name` for messages, `directory` as the start of relative paths in
// it ("" for a file of the library).
struct SourceText {
  std::string name;
  std::string directory;
  std::string text;
};

// Whether `name` is a path of a file on disk rather than a name in the library: it has a '/' or
// ends in ".json".
bool is_path(std::string_view name);

// Names of the library's files without ".json", in alphabetical order.
std::vector<std::string_view> scenario_names();
std::vector<std::string_view> hardware_names();

// The file called `name` in the library, or on disk when `name` is a path; a
// relative path starts at `directory`. not_found names the nearest known one; too_large past 1 MiB.
sim::Result<SourceText> open_scenario(std::string_view name, std::string_view directory = "");
sim::Result<SourceText> open_hardware(std::string_view name, std::string_view directory = "");

// As open_hardware, without looking on disk.
sim::Result<SourceText> library_hardware(std::string_view name, std::string_view directory = "");

// How the reader gets at hardware files.
using OpenHardware =
    std::function<sim::Result<SourceText>(std::string_view name, std::string_view directory)>;

}  // namespace scenarios
