#include "cachemodel/ldlm/contention.h"

namespace cachemodel {

bool ContentionDetector::passes(const ContentionOptions& options, std::size_t conflicts,
                                sim::TimePoint now) {
  if (options.rule == ContentionRule::requested_overlap) {
    return conflicts > options.conflicts;
  }
  const std::int64_t length = options.window.ns();
  const std::int64_t window = now.ns() / length;
  if (window != window_) {
    before_ = window == window_ + 1 ? present_ : 0;
    present_ = 0;
    window_ = window;
  }
  present_ += conflicts;
  // In conflicts times nanoseconds, so that nothing is rounded.
  const auto full = static_cast<unsigned __int128>(length);
  const auto still_covered = static_cast<unsigned __int128>(length - now.ns() % length);
  return present_ * full + before_ * still_covered > options.conflicts * full;
}

void ContentionDetector::count(const ContentionOptions& options, std::size_t conflicts,
                               sim::TimePoint now) {
  if (options.rule != ContentionRule::none && conflicts > 0 && passes(options, conflicts, now)) {
    until_ = now + options.held;
  }
}

}  // namespace cachemodel
