// Tells on stderr how far a long run has come.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "scenarios/sweep/run_variants.h"

namespace bench {

// Silent for the first second; then a line now and then, rewritten in place on a terminal, with an
// estimate of the time left for all variants.
class ProgressLine {
 public:
  // `variants` outlive the line.
  ProgressLine(bool enabled, const std::vector<scenarios::Variant>& variants);
  ~ProgressLine();
  void show(const scenarios::SweepProgress& progress);

 private:
  using Clock = std::chrono::steady_clock;
  std::string text(const scenarios::SweepProgress& progress, double elapsed) const;

  bool enabled_;
  const std::vector<scenarios::Variant>& variants_;
  bool terminal_;
  bool shown_ = false;
  Clock::time_point began_;
  Clock::time_point last_;
};

}  // namespace bench
