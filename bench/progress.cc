#include "bench/progress.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace bench {

ProgressLine::ProgressLine(bool enabled, const std::vector<scenarios::Variant>& variants)
    : enabled_(enabled),
      variants_(variants),
      terminal_(isatty(STDERR_FILENO) != 0),
      began_(Clock::now()),
      last_(began_) {}

ProgressLine::~ProgressLine() {
  if (shown_ && terminal_) {
    fmt::print(stderr, "\r\033[K");
  }
}

void ProgressLine::show(const scenarios::SweepProgress& progress) {
  const auto now = Clock::now();
  const auto pause = terminal_ ? std::chrono::milliseconds(500) : std::chrono::seconds(10);
  if (!enabled_ || now - began_ < std::chrono::seconds(1) || now - last_ < pause) {
    return;
  }
  last_ = now;
  shown_ = true;
  const double elapsed = std::chrono::duration<double>(now - began_).count();
  fmt::print(stderr, "{}{}{}", terminal_ ? "\r\033[K" : "", text(progress, elapsed),
             terminal_ ? "" : "\n");
  std::fflush(stderr);
}

std::string ProgressLine::text(const scenarios::SweepProgress& progress, double elapsed) const {
  const scenarios::RunProgress& run = progress.run;
  std::string which;
  if (progress.variants > 1) {
    which = fmt::format("{} of {} variants done ({:.0f} %); {}: ", progress.done, progress.variants,
                        progress.share * 100, variants_[progress.latest].label());
  }
  std::string of_all;
  if (run.operations_total) {
    const auto total = static_cast<double>(*run.operations_total);
    const double share =
        total > 0 ? std::min(1.0, static_cast<double>(run.operations_done) / total) : 0;
    of_all = fmt::format(" of {} ({:.0f} %)", *run.operations_total, share * 100);
  }
  const std::string left = progress.share > 0.001 ? fmt::format(", about {:.0f} s left",
                                                                elapsed / progress.share - elapsed)
                                                  : "";
  return fmt::format("{}{}{} operations, {} simulated{}", which, run.operations_done, of_all,
                     sim::format_duration(run.now - sim::TimePoint()), left);
}

}  // namespace bench
