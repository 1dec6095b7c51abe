#include "scenarios/library.h"

#include <fmt/core.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <system_error>

#include "scenarios/hardware_files.h"
#include "scenarios/nearest.h"
#include "scenarios/scenario_files.h"

namespace scenarios {
namespace {

using Files = std::span<const reports::EmbeddedFile>;

constexpr std::string_view kSuffix = ".json";
constexpr std::uintmax_t kLargestFile = 1 << 20;

std::vector<std::string_view> names(Files files) {
  std::vector<std::string_view> list;
  for (const reports::EmbeddedFile& file : files) {
    list.push_back(file.name.substr(0, file.name.size() - kSuffix.size()));
  }
  return list;
}

sim::Result<SourceText> from_library(Files files, std::string_view kind, std::string_view name) {
  for (const reports::EmbeddedFile& file : files) {
    if (file.name.substr(0, file.name.size() - kSuffix.size()) == name) {
      return SourceText{std::string(file.name), "", std::string(file.contents)};
    }
  }
  return sim::Error{sim::Errc::not_found,
                    fmt::format("no {} is called \"{}\"; {}; a path has a '/' or ends in \"{}\"",
                                kind, name, suggest(name, names(files)), kSuffix)};
}

sim::Result<SourceText> from_disk(std::string_view name, std::string_view directory) {
  const std::filesystem::path path = std::filesystem::path(directory) / name;
  std::error_code failed;
  const auto size = std::filesystem::file_size(path, failed);
  // file_size fails on everything but a regular file, so that no pipe or terminal is waited for.
  if (failed) {
    return sim::Error{sim::Errc::not_found,
                      fmt::format("cannot read {}: {}", path.string(), failed.message())};
  }
  if (size > kLargestFile) {
    return sim::Error{sim::Errc::too_large, fmt::format("{} has {} bytes; at most {} are read",
                                                        path.string(), size, kLargestFile)};
  }
  std::ifstream in(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (!in) {
    return sim::Error{sim::Errc::io_error, fmt::format("cannot read {}", path.string())};
  }
  return SourceText{path.string(), path.parent_path().string(), std::move(text)};
}

}  // namespace

bool is_path(std::string_view name) {
  return name.find('/') != std::string_view::npos || name.ends_with(kSuffix);
}

std::vector<std::string_view> scenario_names() { return names(scenario_files()); }
std::vector<std::string_view> hardware_names() { return names(hardware_files()); }

sim::Result<SourceText> open_scenario(std::string_view name, std::string_view directory) {
  return is_path(name) ? from_disk(name, directory)
                       : from_library(scenario_files(), "scenario", name);
}

sim::Result<SourceText> open_hardware(std::string_view name, std::string_view directory) {
  return is_path(name) ? from_disk(name, directory) : library_hardware(name);
}

sim::Result<SourceText> library_hardware(std::string_view name, std::string_view) {
  return from_library(hardware_files(), "hardware", name);
}

}  // namespace scenarios
