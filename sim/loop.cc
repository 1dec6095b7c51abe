#include "sim/loop.h"

#include <fmt/format.h>

namespace sim {

Loop::Loop(std::uint64_t seed) : seed_(seed), context_(seed, &now_) {}

Loop::~Loop() = default;

std::optional<TimePoint> Loop::next_due() {
  const auto t = queue_.next_time();
  if (!t) {
    return std::nullopt;
  }
  return TimePoint(static_cast<std::int64_t>(*t));
}

void Loop::advance_to(TimePoint now) {
  now_ = std::max(now_, now.ns());
  while (step(TimePoint(now_))) {
  }
}

void Loop::add(Root& root) {
  root.loop = this;
  roots_.push_back(root);
  alive_ += root.daemon ? 0 : 1;
}

void Loop::remove(Root& root) {
  root.unlink();
  if (current_ == &root) {
    set_current(nullptr);  // what ends takes its root along
  }
  alive_ -= root.daemon ? 0 : 1;
}

std::string Loop::describe_waits() const {
  std::string text;
  std::size_t shown = 0;
  roots_.for_each([&](const Root& root) {
    if (!root.daemon && shown++ < 8) {
      text += fmt::format("  {} waits for {}\n", root.name, root.waiting_for);
    }
  });
  if (shown > 8) {
    text += fmt::format("  and {} more\n", shown - 8);
  }
  return text;
}

Status run_virtual(Loop& loop, Duration patience) {
  while (loop.alive() > 0) {
    if (!loop.step() || loop.stuck(patience)) {
      return Error{Errc::timed_out,
                   fmt::format("deadlock at {} (seed {}): nothing can wake what still waits\n{}",
                               format_duration(loop.now() - TimePoint()), loop.seed(),
                               loop.describe_waits())};
    }
  }
  return {};
}

}  // namespace sim
