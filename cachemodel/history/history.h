// What one loop saw of who wrote and read which data when. Appending costs one store into a
// growing array and looks nothing up.
#pragma once

#include <span>
#include <vector>

#include "cachemodel/history/event.h"
#include "sim/status.h"

namespace cachemodel {

class History {
 public:
  void write(const WriteEvent& event) { writes_.push_back(event); }
  // A write that is under way, whatever `event` says of its end. Returns its number for settle().
  std::size_t begin_write(WriteEvent event);
  // The write has come back at `returned`; once each.
  void settle(std::size_t write, Ending ending, sim::TimePoint returned);
  // Nothing more is seen from `at` on: writes that are still under way are unknown, returned then.
  void end(sim::TimePoint at);
  void apply(const ApplyEvent& event) { applies_.push_back(event); }
  // `event.first_run` and `event.run_count` are set here.
  void read(ReadEvent event, std::span<const ReadRun> runs);
  void file(const FileEvent& event) { files_.push_back(event); }
  void drop(const DropEvent& event) { drops_.push_back(event); }
  void change(const AttributeChange& event) { changes_.push_back(event); }
  void attribute(const AttributeRead& event) { attributes_.push_back(event); }

  std::span<const WriteEvent> writes() const { return writes_; }
  std::span<const ApplyEvent> applies() const { return applies_; }
  std::span<const ReadEvent> reads() const { return reads_; }
  std::span<const ReadRun> runs() const { return runs_; }
  std::span<const FileEvent> files() const { return files_; }
  std::span<const DropEvent> drops() const { return drops_; }
  std::span<const AttributeChange> changes() const { return changes_; }
  std::span<const AttributeRead> attributes() const { return attributes_; }
  std::span<const ReadRun> runs_of(const ReadEvent& event) const {
    return runs().subspan(event.first_run, event.run_count);
  }

  // Events of all kinds; a read counts once.
  std::size_t size() const;
  bool operator==(const History&) const = default;

 private:
  std::vector<WriteEvent> writes_;
  std::vector<ApplyEvent> applies_;
  std::vector<ReadEvent> reads_;
  std::vector<ReadRun> runs_;
  std::vector<FileEvent> files_;
  std::vector<DropEvent> drops_;
  std::vector<AttributeChange> changes_;
  std::vector<AttributeRead> attributes_;
};

// Refuses what no run can have seen: a call that returned before it was invoked, an empty extent, a
// write without a stamp, instants beyond 2^61 ns (73 years) of the clock's zero. Which event it was
// is in the message.
sim::Status validate(const History& history);

}  // namespace cachemodel
