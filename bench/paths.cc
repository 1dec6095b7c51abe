#include "bench/paths.h"

#include <cstdlib>
#include <filesystem>

namespace bench {

std::string user_directory() {
  const char* directory = std::getenv("BUILD_WORKING_DIRECTORY");
  return directory == nullptr ? "" : directory;
}

std::string user_path(std::string_view path) {
  return (std::filesystem::path(user_directory()) / path).string();
}

}  // namespace bench
