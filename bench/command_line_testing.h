// What the tests of the command line share.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "bench/command_line.h"

namespace bench {

// How a command ended, and what it wrote.
struct Ran {
  int exit_code = 0;
  std::string out;
  std::string err;
};

// Runs `stripelab ARGUMENTS...` with `input` on its stdin.
inline Ran run_stripelab(const std::vector<std::string>& arguments, const std::string& input = "") {
  std::istringstream in(input);
  std::ostringstream out;
  std::ostringstream err;
  const int exit_code = run_command_line(arguments, {in, out, err});
  return {exit_code, out.str(), err.str()};
}

// A fresh folder below the test's own.
inline std::filesystem::path fresh_folder(const std::string& name) {
  const char* base = std::getenv("TEST_TMPDIR");
  const std::filesystem::path folder =
      std::filesystem::path(base == nullptr ? "." : base) / "command_line" / name;
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  return folder;
}

inline void write_text(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

inline std::string text_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// As under `bazel run`, where the user is in another folder than the program, while it lives.
class UserIn {
 public:
  explicit UserIn(const std::filesystem::path& folder) {
    setenv("BUILD_WORKING_DIRECTORY", std::filesystem::absolute(folder).c_str(), 1);
  }
  ~UserIn() { unsetenv("BUILD_WORKING_DIRECTORY"); }
  UserIn(const UserIn&) = delete;
  UserIn& operator=(const UserIn&) = delete;
};

}  // namespace bench
