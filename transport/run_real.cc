#include "transport/run_real.h"

#include <fmt/core.h>

#include <algorithm>
#include <boost/asio/steady_timer.hpp>

namespace transport {
namespace {

namespace asio = boost::asio;

// Turns of the loop between two calls of the progress function.
constexpr std::uint64_t kTurnsPerProgress = 1024;
// Keeps deadlines within what the machine's clock can express.
constexpr sim::Duration kLongestWait = sim::seconds(3600);

sim::Error failed(const sim::Loop& loop, std::string_view what) {
  return {sim::Errc::timed_out, fmt::format("{} after {} (seed {}); still waiting:\n{}", what,
                                            sim::format_duration(loop.now() - sim::TimePoint()),
                                            loop.seed(), loop.describe_waits())};
}

sim::TimePoint later(sim::TimePoint t, sim::Duration d) {
  return sim::TimePoint::max() - t < d ? sim::TimePoint::max() : t + d;
}

// Runs one completion, waiting for it until `until` at most. A timer, because io_context's own wait
// rounds up to milliseconds.
void wait(RealTime& time, asio::io_context& io, sim::TimePoint until) {
  asio::steady_timer timer(io);
  timer.expires_at(time.at(until));
  timer.async_wait([](const boost::system::error_code&) {});
  io.restart();
  io.run_one();
}

}  // namespace

sim::Status run_real(RealTime& time, asio::io_context& io, RealRunLimits limits) {
  time.start();
  sim::Loop& loop = time.loop();
  const sim::TimePoint end = later(loop.now(), limits.wall);
  for (std::uint64_t turn = 1;; ++turn) {
    time.tell();
    if (limits.progress && turn % kTurnsPerProgress == 0) {
      limits.progress();
    }
    if (loop.alive() == 0) {
      return {};
    }
    if (loop.now() >= end) {
      return failed(loop, fmt::format("not done within {}", sim::format_duration(limits.wall)));
    }
    if (loop.stuck(limits.patience)) {
      return failed(loop, "deadlock: nothing but daemons moves");
    }
    io.restart();
    if (io.poll_one() > 0) {
      continue;
    }
    const bool io_pending = !io.stopped();
    const auto due = loop.next_due();
    if (!due && !io_pending) {
      return failed(loop, "deadlock: nothing is due and no operation is pending");
    }
    const sim::TimePoint look_again =
        std::min(end, later(loop.now(), std::min(limits.patience, kLongestWait)));
    wait(time, io, std::min(due.value_or(look_again), look_again));
  }
}

}  // namespace transport
