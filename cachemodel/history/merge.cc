#include "cachemodel/history/merge.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

namespace cachemodel {
namespace {

// Of clocks measured against each other: offsets and uncertainties beyond years are mistakes, and
// would overflow.
constexpr std::int64_t kFarthest = std::int64_t{1} << 60;
// What indices and places in the order of application have room for.
constexpr std::size_t kMost = std::size_t{1} << 30;

sim::TimePoint time_of(const ApplyEvent& e) { return e.at; }
sim::TimePoint time_of(const DropEvent& e) { return e.at; }
template <typename Event>
sim::TimePoint time_of(const Event& e) {
  return e.call.invoked;
}

void move_clock(sim::TimePoint& at, sim::Duration ahead) { at = at - ahead; }
void move_clock(Call& call, sim::Duration ahead) {
  move_clock(call.invoked, ahead);
  move_clock(call.returned, ahead);
}
void move_event(ApplyEvent& e, sim::Duration ahead) { move_clock(e.at, ahead); }
void move_event(DropEvent& e, sim::Duration ahead) { move_clock(e.at, ahead); }
void move_event(AttributeRead& e, sim::Duration ahead) {
  move_clock(e.call, ahead);
  move_clock(e.since, ahead);
}
template <typename Event>
void move_event(Event& e, sim::Duration ahead) {
  move_clock(e.call, ahead);
}

template <typename Event>
void append(std::vector<OnClock<Event>>& to, std::span<const Event> from, sim::Duration ahead,
            std::uint32_t clock) {
  to.reserve(to.size() + from.size());
  for (const Event& event : from) {
    to.push_back({event, clock});
    move_event(static_cast<Event&>(to.back()), ahead);
  }
}

template <typename Event>
void sort_by_file(std::vector<OnClock<Event>>& events) {
  const auto before = [](const Event& a, const Event& b) {
    return a.file != b.file ? a.file < b.file : time_of(a) < time_of(b);
  };
  if (std::ranges::is_sorted(events, before)) {
    return;
  }
  // Clients take turns, but each file's events mostly come in the order of time already.
  std::map<std::uint64_t, std::size_t> places;
  for (const Event& event : events) {
    ++places[event.file];
  }
  std::size_t sum = 0;
  for (auto& [file, count] : places) {
    sum += std::exchange(count, sum);
  }
  std::vector<OnClock<Event>> by_file(events.size());
  for (const OnClock<Event>& event : events) {
    by_file[places[event.file]++] = event;
  }
  events = std::move(by_file);
  std::size_t begin = 0;
  for (const auto& [file, end] : places) {
    const auto one = std::span(events).subspan(begin, end - begin);
    if (!std::ranges::is_sorted(one, before)) {
      std::ranges::stable_sort(one, before);
    }
    begin = end;
  }
}

// Takes the events of `file` off the front of what is left.
template <typename Event>
std::span<const Event> take(std::span<const Event>& left, std::uint64_t file) {
  std::size_t n = 0;
  while (n < left.size() && left[n].file == file) {
    ++n;
  }
  const auto taken = left.first(n);
  left = left.subspan(n);
  return taken;
}

sim::Error refuse(std::string message) {
  return {sim::Errc::invalid_argument, "histories: " + std::move(message)};
}

sim::Status check_clock(const HostClock& clock) {
  const std::int64_t ahead = clock.ahead.ns();
  if (ahead < -kFarthest || ahead > kFarthest || clock.epsilon < sim::Duration() ||
      clock.epsilon.ns() > kFarthest / 4) {
    return refuse(
        fmt::format("the clock of host {} is {} ns ahead, give or take {} ns; within "
                    "years, and no less than 0 ns, would be right",
                    clock.host, ahead, clock.epsilon.ns()));
  }
  return {};
}

// The index of a host's clock among those known, which grow if it is new.
sim::Result<std::uint32_t> clock_index(std::vector<HostClock>& known, const HostClock& clock) {
  if (sim::Status s = check_clock(clock); !s) {
    return s.error();
  }
  const auto found = std::ranges::find(known, clock.host, &HostClock::host);
  if (found != known.end() && *found != clock) {
    return refuse(
        fmt::format("host {} has two different clocks; all its histories share one", clock.host));
  }
  const auto index = static_cast<std::uint32_t>(found - known.begin());
  if (found == known.end()) {
    known.push_back(clock);
  }
  return index;
}

}  // namespace

sim::Result<Merged> Merged::of(std::span<const HistoryPart> parts) {
  Merged merged;
  std::vector<HostClock> clocks;
  for (const HistoryPart& part : parts) {
    if (sim::Status s = validate(*part.history); !s) {
      return s.error();
    }
    const sim::Result<std::uint32_t> clock = clock_index(clocks, part.clock);
    if (!clock) {
      return clock.error();
    }
    merged.add(*part.history, part.clock.ahead, *clock);
  }
  std::vector<sim::Duration> epsilon;
  for (const HostClock& clock : clocks) {
    epsilon.push_back(clock.epsilon);
  }
  merged.clocks_ = Clocks(std::move(epsilon));
  if (sim::Status s = merged.check_room(); !s) {
    return s.error();
  }
  merged.sort();
  if (sim::Status s = merged.check_stamps(); !s) {
    return s.error();
  }
  return merged;
}

void Merged::add(const History& history, sim::Duration ahead, std::uint32_t clock) {
  append(writes_, history.writes(), ahead, clock);
  append(applies_, history.applies(), ahead, clock);
  append(marks_, history.files(), ahead, clock);
  append(drops_, history.drops(), ahead, clock);
  append(changes_, history.changes(), ahead, clock);
  append(attributes_, history.attributes(), ahead, clock);
  const std::size_t first_read = reads_.size();
  append(reads_, history.reads(), ahead, clock);
  for (std::size_t i = first_read; i < reads_.size(); ++i) {
    reads_[i].first_run += runs_.size();
  }
  runs_.insert(runs_.end(), history.runs().begin(), history.runs().end());
  for (std::size_t i = runs_.size() - history.runs().size(); i < runs_.size(); ++i) {
    move_clock(runs_[i].since, ahead);
  }
}

void Merged::sort() {
  sort_by_file(writes_);
  sort_by_file(applies_);
  sort_by_file(reads_);
  sort_by_file(marks_);
  sort_by_file(drops_);
  sort_by_file(changes_);
  sort_by_file(attributes_);
}

sim::Status Merged::check_room() const {
  const std::size_t most = std::max({writes_.size(), applies_.size(), reads_.size(), runs_.size(),
                                     changes_.size(), attributes_.size(), drops_.size()});
  return most < kMost ? sim::Status()
                      : refuse(fmt::format("{} events of one kind; fewer than {} can be checked",
                                           most, kMost));
}

sim::Status Merged::check_stamps() const {
  std::vector<std::uint64_t> stamps;
  stamps.reserve(writes_.size());
  for (const Write& write : writes_) {
    stamps.push_back(write.stamp);
  }
  std::ranges::sort(stamps);
  const auto twice = std::ranges::adjacent_find(stamps);
  if (twice != stamps.end()) {
    return refuse(fmt::format("stamp {:#x} names two writes; every write has its own", *twice));
  }
  return {};
}

std::vector<FileHistory> Merged::files() const {
  std::span<const Write> writes(writes_);
  std::span<const Apply> applies(applies_);
  std::span<const Read> reads(reads_);
  std::span<const FileMark> marks(marks_);
  std::span<const Drop> drops(drops_);
  std::span<const AttrChange> changes(changes_);
  std::span<const AttrRead> attributes(attributes_);
  std::vector<FileHistory> files;
  const auto next_of = [](const auto& left, std::uint64_t& file) {
    file = left.empty() ? file : std::min(file, left.front().file);
    return !left.empty();
  };
  while (true) {
    std::uint64_t file = std::numeric_limits<std::uint64_t>::max();
    bool any = false;
    any |= next_of(writes, file);
    any |= next_of(applies, file);
    any |= next_of(reads, file);
    any |= next_of(marks, file);
    any |= next_of(drops, file);
    any |= next_of(changes, file);
    any |= next_of(attributes, file);
    if (!any) {
      return files;
    }
    files.push_back({file, take(writes, file), take(applies, file), take(reads, file),
                     take(marks, file), take(drops, file), take(changes, file),
                     take(attributes, file)});
  }
}

}  // namespace cachemodel
