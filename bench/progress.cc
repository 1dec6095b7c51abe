#include "bench/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace bench {

ProgressLine::ProgressLine(bool enabled)
    : enabled_(enabled),
      terminal_(isatty(STDERR_FILENO) != 0),
      began_(Clock::now()),
      last_(began_) {}

ProgressLine::~ProgressLine() {
  if (shown_ && terminal_) {
    fmt::print(stderr, "\r\033[K");
  }
}

void ProgressLine::show(const scenarios::RunProgress& progress) {
  const auto now = Clock::now();
  const auto pause = terminal_ ? std::chrono::milliseconds(500) : std::chrono::seconds(10);
  if (!enabled_ || now - began_ < std::chrono::seconds(1) || now - last_ < pause) {
    return;
  }
  last_ = now;
  shown_ = true;
  const double elapsed = std::chrono::duration<double>(now - began_).count();
  const auto done = static_cast<double>(progress.operations_done);
  std::string of_all;
  std::string left;
  if (progress.operations_total) {
    const auto total = static_cast<double>(*progress.operations_total);
    const double share = total > 0 ? std::min(1.0, done / total) : 0;
    of_all = fmt::format(" of {} ({:.0f} %)", *progress.operations_total, share * 100);
    left = share > 0.001 ? fmt::format(", about {:.0f} s left", elapsed / share - elapsed) : "";
  }
  fmt::print(stderr, "{}{}{} operations, {} simulated{}{}", terminal_ ? "\r\033[K" : "",
             progress.operations_done, of_all,
             sim::format_duration(progress.now - sim::TimePoint()), left, terminal_ ? "" : "\n");
  std::fflush(stderr);
}

}  // namespace bench
