// Real time: the one place where a loop meets the machine's clock.
#pragma once

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>

#include "sim/loop.h"
#include "sim/status.h"

namespace transport {

// A loop's time as the machine's monotonic clock sees it. It runs from start() on, from the loop's
// present time, so that a loop may be run, left alone and run again.
class RealTime {
 public:
  using Clock = std::chrono::steady_clock;

  explicit RealTime(sim::Loop& loop) : loop_(loop) { start(); }
  // `loop` stands still until now and moves from now on.
  void start() {
    origin_ = Clock::now() - std::chrono::nanoseconds(loop_.now().ns());
    lapped_ = loop_.now();
  }
  sim::TimePoint now() const {
    return sim::TimePoint(std::chrono::nanoseconds(Clock::now() - origin_).count());
  }
  Clock::time_point at(sim::TimePoint t) const {
    return origin_ + std::chrono::nanoseconds(t.ns());
  }
  // Moves the loop to the present and runs what is due. Every completion of real work calls it
  // first: otherwise the work would seem to have taken no time. Not to be called from the loop.
  void tell() { loop_.advance_to(now()); }
  // Real time since the loop was told the time or since the last lap, whichever is later: work that
  // has been done and that nobody was charged for yet.
  sim::Duration lap() {
    const sim::TimePoint before = std::max(lapped_, loop_.now());
    lapped_ = std::max(before, now());
    return lapped_ - before;
  }
  sim::Loop& loop() { return loop_; }

 private:
  sim::Loop& loop_;
  Clock::time_point origin_;
  sim::TimePoint lapped_;
};

struct RealRunLimits {
  // How long the run may take in all; then it fails.
  sim::Duration wall = sim::seconds(3600);
  // As for run_virtual: if only daemons have moved for this long, it is a deadlock.
  sim::Duration patience = sim::seconds(1000);
  // Called now and then, if set; must be cheap.
  std::function<void()> progress = nullptr;
};

// Runs in real time until every task that is not a daemon has finished: waits in `io` until the
// loop's next deadline or a completion. Fails (timed_out) at the limits, and at once if nothing is
// due, no operation is pending in `io` and tasks still wait; the message names who waits for what.
sim::Status run_real(RealTime& time, boost::asio::io_context& io, RealRunLimits limits = {});

}  // namespace transport
