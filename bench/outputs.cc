#include "bench/outputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "bench/paths.h"

namespace bench {
namespace {

constexpr std::string_view kStandard = "-";

sim::Error wrong(std::string message) { return {sim::Errc::invalid_argument, std::move(message)}; }

sim::Result<Output> parse_output(const std::string& argument) {
  const std::size_t equals = argument.find('=');
  const std::string format = argument.substr(0, equals);
  std::vector<std::string_view> formats;
  for (const reports::Writer& writer : reports::writers()) {
    formats.push_back(writer.format);
  }
  const bool known = reports::find_writer(format) != nullptr;
  if (equals == std::string::npos || equals + 1 == argument.size() || !known) {
    return wrong(
        fmt::format("--out {}: write FORMAT=PATH, where FORMAT is one of {} and PATH is a "
                    "file or - for stdout",
                    argument, fmt::join(formats, ", ")));
  }
  const std::string path = argument.substr(equals + 1);
  return Output{format, path == kStandard ? path : user_path(path)};
}

sim::Status cannot_write(const std::string& path) {
  return sim::Error{sim::Errc::io_error,
                    fmt::format("cannot write {}: {}", path, std::strerror(errno))};
}

// Appending changes nothing, and opening for it asks all that writing will.
sim::Status check_file(const std::string& path) {
  std::error_code ignored;
  const bool there = std::filesystem::exists(path, ignored);
  const std::ofstream file(path, std::ios::binary | std::ios::app);
  if (!file) {
    return cannot_write(path);
  }
  if (!there) {
    std::filesystem::remove(path, ignored);
  }
  return {};
}

sim::Status write_file(const reports::SweepResult& sweep, const reports::WriteOptions& options,
                       const Output& output) {
  const bool appends = reports::find_writer(output.format)->appends;
  std::ofstream file(output.path, std::ios::binary | (appends ? std::ios::app : std::ios::trunc));
  if (!file) {
    return cannot_write(output.path);
  }
  const sim::Status written = reports::write(sweep, output.format, options, file);
  if (!written.ok()) {
    return written;
  }
  file.close();
  return file ? sim::Status() : cannot_write(output.path);
}

}  // namespace

sim::Result<std::vector<Output>> parse_outputs(const std::vector<std::string>& arguments) {
  std::vector<Output> outputs;
  for (const std::string& argument : arguments) {
    auto output = parse_output(argument);
    if (!output.ok()) {
      return output.error();
    }
    const bool file = output->path != kStandard;
    if (file && std::ranges::find(outputs, output->path, &Output::path) != outputs.end()) {
      return wrong(fmt::format("--out {}: {} is written already; give each a file of its own",
                               argument, output->path));
    }
    outputs.push_back(std::move(*output));
  }
  if (outputs.empty()) {
    outputs.push_back({"text", std::string(kStandard)});
  }
  return outputs;
}

sim::Status check_outputs(const std::vector<Output>& outputs) {
  for (const Output& output : outputs) {
    if (output.path != kStandard) {
      if (const sim::Status status = check_file(output.path); !status.ok()) {
        return status;
      }
    }
  }
  return {};
}

sim::Status write_outputs(const reports::SweepResult& sweep, const reports::WriteOptions& options,
                          const std::vector<Output>& outputs, std::ostream& standard) {
  std::string failed;
  for (const Output& output : outputs) {
    const sim::Status written = output.path == kStandard
                                    ? reports::write(sweep, output.format, options, standard)
                                    : write_file(sweep, options, output);
    if (!written.ok()) {
      failed += (failed.empty() ? "" : "; ") + written.error().message;
    }
  }
  return failed.empty() ? sim::Status() : sim::Status(sim::Error{sim::Errc::io_error, failed});
}

}  // namespace bench
