#include "bench/paths.h"

#include <cstdlib>
#include <filesystem>

namespace bench {

std::string user_path(std::string_view path) {
  const char* directory = std::getenv("BUILD_WORKING_DIRECTORY");
  if (directory == nullptr) {
    return std::string(path);
  }
  return (std::filesystem::path(directory) / path).string();
}

}  // namespace bench
