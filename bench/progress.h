// Tells on stderr how far a long run has come.
#pragma once

#include <chrono>

#include "scenarios/run/run.h"

namespace bench {

// Silent for the first second; then a line now and then, rewritten in place on a terminal, with an
// estimate of the time left.
class ProgressLine {
 public:
  explicit ProgressLine(bool enabled);
  ~ProgressLine();
  void show(const scenarios::RunProgress& progress);

 private:
  using Clock = std::chrono::steady_clock;
  bool enabled_;
  bool terminal_;
  bool shown_ = false;
  Clock::time_point began_;
  Clock::time_point last_;
};

}  // namespace bench
