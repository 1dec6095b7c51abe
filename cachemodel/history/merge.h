// Histories of several loops, processes and hosts as one, on one clock.
#pragma once

#include <span>
#include <vector>

#include "cachemodel/history/history.h"

namespace cachemodel {

// A host's clock as measured against the reference: it shows `ahead` more, give or take `epsilon`.
// Loops and processes of one host have the same clock and the same `host`.
struct HostClock {
  std::uint32_t host = 0;
  sim::Duration ahead;
  sim::Duration epsilon;
  bool operator==(const HostClock&) const = default;
};

struct HistoryPart {
  const History* history = nullptr;  // outlives the call it is handed to
  HostClock clock;
};

// An event with its instants moved to the reference clock, and which of the clocks it was read on.
template <typename Event>
struct OnClock : Event {
  std::uint32_t clock = 0;
};

using Write = OnClock<WriteEvent>;
using Apply = OnClock<ApplyEvent>;
using Read = OnClock<ReadEvent>;
using FileMark = OnClock<FileEvent>;
using Drop = OnClock<DropEvent>;
using AttrChange = OnClock<AttributeChange>;
using AttrRead = OnClock<AttributeRead>;

// How far two clocks may disagree: nothing on one host.
class Clocks {
 public:
  explicit Clocks(std::vector<sim::Duration> epsilon) : epsilon_(std::move(epsilon)) {}
  std::uint32_t count() const { return static_cast<std::uint32_t>(epsilon_.size()); }
  // How far a clock may be off the reference; a clock that is alone is the reference.
  sim::Duration epsilon(std::uint32_t clock) const {
    return count() == 1 ? sim::Duration() : epsilon_[clock];
  }
  sim::Duration between(std::uint32_t a, std::uint32_t b) const {
    return a == b ? sim::Duration() : epsilon_[a] + epsilon_[b];
  }

 private:
  std::vector<sim::Duration> epsilon_;
};

// What happened to one file, each kind in the order of time (of its invocation, where it is a
// call). Applications of one history keep their order; those of several go by time, then by the
// order of the histories.
struct FileHistory {
  std::uint64_t file = 0;
  std::span<const Write> writes;
  std::span<const Apply> applies;
  std::span<const Read> reads;
  std::span<const FileMark> marks;
  std::span<const Drop> drops;
  std::span<const AttrChange> changes;
  std::span<const AttrRead> attributes;
};

class Merged {
 public:
  // Refuses a history that validate() refuses, clocks of one host that differ, clocks that cannot
  // be, 2^30 events of one kind, and a stamp that names two writes.
  static sim::Result<Merged> of(std::span<const HistoryPart> parts);

  // The files in ascending order. They refer to this.
  std::vector<FileHistory> files() const;
  std::span<const ReadRun> runs_of(const ReadEvent& read) const {
    return std::span(runs_).subspan(read.first_run, read.run_count);
  }
  std::span<const ReadRun> runs() const { return runs_; }
  const Clocks& clocks() const { return clocks_; }

 private:
  Merged() : clocks_({}) {}
  void add(const History& history, sim::Duration ahead, std::uint32_t clock);
  void sort();
  sim::Status check_room() const;
  sim::Status check_stamps() const;

  Clocks clocks_;
  std::vector<Write> writes_;
  std::vector<Apply> applies_;
  std::vector<Read> reads_;
  std::vector<ReadRun> runs_;
  std::vector<FileMark> marks_;
  std::vector<Drop> drops_;
  std::vector<AttrChange> changes_;
  std::vector<AttrRead> attributes_;
};

}  // namespace cachemodel
