#include "scenarios/input_file.h"

#include <fmt/core.h>

#include <array>
#include <fstream>
#include <system_error>

namespace scenarios {
namespace {

constexpr std::uintmax_t kLargestInput = std::uintmax_t{1} << 30;

sim::Error too_large(std::string_view name) {
  return {sim::Errc::too_large,
          fmt::format("{} has more than {} bytes, which is the most that is read", name,
                      kLargestInput)};
}

}  // namespace

sim::Result<std::string> read_input_file(const std::filesystem::path& path) {
  std::error_code failed;
  const bool regular = std::filesystem::is_regular_file(path, failed);
  if (failed || !regular) {
    return sim::Error{sim::Errc::not_found,
                      fmt::format("cannot read {}: {}", path.string(),
                                  failed ? failed.message() : "it is not a regular file")};
  }
  std::ifstream in(path, std::ios::binary);
  return read_input_stream(in, path.string());
}

sim::Result<std::string> read_input_stream(std::istream& in, std::string_view name) {
  std::string text;
  std::array<char, 1 << 16> part;
  while (in.read(part.data(), part.size()) || in.gcount() > 0) {
    text.append(part.data(), static_cast<std::size_t>(in.gcount()));
    if (text.size() > kLargestInput) {
      return too_large(name);
    }
  }
  if (!in.eof()) {
    return sim::Error{sim::Errc::io_error, fmt::format("cannot read {}", name)};
  }
  return text;
}

}  // namespace scenarios
