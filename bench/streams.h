// Where a command reads and writes.
#pragma once

#include <istream>
#include <ostream>

namespace bench {

// The process's own streams, or a test's. All outlive the command.
struct Streams {
  std::istream& in;
  std::ostream& out;  // results
  std::ostream& err;  // complaints, remarks and progress
  bool err_is_terminal = false;
};

// Exit codes of every command.
inline constexpr int kDone = 0;
inline constexpr int kThresholdFailed = 1;
inline constexpr int kBadInput = 2;
inline constexpr int kRunFailed = 3;

}  // namespace bench
