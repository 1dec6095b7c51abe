#include "sim/loop.h"

#include <fmt/core.h>

#include <unordered_map>

namespace sim {
namespace {

// Lines of a report, and names in a line.
constexpr std::size_t kShown = 8;

// What one root's parts wait for, in the order of asking; a name that returns is counted.
class Places {
 public:
  void add(std::string_view name) {
    for (auto& [known, times] : names_) {
      if (known == name) {
        ++times;
        return;
      }
    }
    names_.emplace_back(name, 1);
  }
  std::string text() const {
    std::string text;
    for (std::size_t i = 0; i < std::min(names_.size(), kShown); ++i) {
      const auto& [name, times] = names_[i];
      text += fmt::format("{}{}", i > 0 ? ", " : "", name);
      text += times > 1 ? fmt::format(" ({} times)", times) : "";
    }
    return names_.size() > kShown
               ? text + fmt::format(" and {} more places", names_.size() - kShown)
               : text;
  }

 private:
  std::vector<std::pair<std::string_view, std::size_t>> names_;
};

class Lines {
 public:
  void add(std::string line) {
    if (count_++ < kShown) {
      text_ += "  " + std::move(line) + "\n";
    }
  }
  std::string text() const {
    return count_ > kShown ? text_ + fmt::format("  and {} more\n", count_ - kShown) : text_;
  }

 private:
  std::string text_;
  std::size_t count_ = 0;
};

}  // namespace

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
  if (current() == &root) {
    set_current(nullptr);  // what ends takes its root along
  }
  alive_ -= root.daemon ? 0 : 1;
}

std::string Loop::describe_waits() const {
  std::vector<WaitPlace::Wait> waits;
  places_.for_each([&](const WaitPlace& place) { place.tell(waits); });
  std::unordered_map<const Root*, Places> by_root;  // never walked through
  for (const WaitPlace::Wait& wait : waits) {
    by_root[wait.root].add(wait.what);
  }
  Lines work;
  Lines daemons;
  roots_.for_each([&](const Root& root) {
    const auto found = by_root.find(&root);
    if (!root.daemon) {
      // Who is at no place sleeps.
      work.add(fmt::format("{} waits for {}", root.name,
                           found != by_root.end() ? found->second.text() : "time to pass"));
    } else if (found != by_root.end()) {
      daemons.add(fmt::format("daemon {} waits for {}", root.name, found->second.text()));
    }
  });
  return work.text() + daemons.text();
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
