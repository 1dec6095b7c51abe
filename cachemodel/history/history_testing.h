// Histories for tests, written in one line an event.
#pragma once

#include <utility>
#include <vector>

#include "cachemodel/history/check.h"

namespace cachemodel {

constexpr std::uint64_t stamp_of(std::uint32_t client, std::uint64_t sequence) {
  return (std::uint64_t{client} << 40) | sequence;
}

// The blocks [begin, end).
constexpr sim::Extent blocks(sim::Bytes begin, sim::Bytes end) {
  return {begin * kBlock, end * kBlock};
}

constexpr Call call(std::int64_t invoked, std::int64_t returned) {
  return {sim::TimePoint(invoked), sim::TimePoint(returned)};
}

// One history of one file on one host; instants are in ns. Stamps are numbered by the test.
class Script {
 public:
  static constexpr std::uint64_t kFile = 7;

  // Returns the stamp. `more` may change the event further.
  template <typename More>
  std::uint64_t write(std::uint64_t stamp, sim::Extent range, Call when, More more) {
    WriteEvent event;
    event.file = kFile;
    event.range = range;
    event.stamp = stamp;
    event.call = when;
    more(event);
    history.write(event);
    return event.stamp;
  }
  std::uint64_t write(std::uint64_t stamp, sim::Extent range, Call when,
                      Ending ending = Ending::ok) {
    return write(stamp, range, when, [ending](WriteEvent& e) { e.ending = ending; });
  }
  std::uint64_t truncate(std::uint64_t stamp, sim::Bytes size, Call when) {
    return write(stamp, {size, sim::kEof}, when, [](WriteEvent& e) { e.zeros = true; });
  }
  void apply(std::uint64_t stamp, sim::Extent range, std::int64_t at) {
    history.apply({kFile, range, stamp, sim::TimePoint(at)});
  }
  void read(std::uint32_t client, sim::Bytes offset, const std::vector<ReadRun>& runs, Call when,
            std::uint32_t handle = 0) {
    ReadEvent event;
    event.file = kFile;
    event.offset = offset;
    event.client = client;
    event.handle = handle;
    event.call = when;
    history.read(event, runs);
  }
  // All of `range` shows `stamp`.
  void read(std::uint32_t client, sim::Extent range, std::uint64_t stamp, Call when,
            std::uint32_t handle = 0) {
    read(client, range.begin, {{range.size(), stamp, Basis::unstated, {}}}, when, handle);
  }
  void mark(FileCall kind, std::uint32_t client, std::uint32_t handle, Call when) {
    history.file({kFile, client, handle, kind, when});
  }
  void drop(DropCause cause, std::uint32_t client, sim::Extent range, std::int64_t at,
            std::uint64_t stamp = 0) {
    history.drop({kFile, range, client, cause, stamp, sim::TimePoint(at)});
  }
  void read_size(std::uint32_t client, std::uint64_t value, Call when, std::uint32_t handle = 0) {
    AttributeRead event;
    event.file = kFile;
    event.value = value;
    event.client = client;
    event.handle = handle;
    event.call = when;
    history.attribute(event);
  }

  Verdict check(const CheckOptions& options = {}) const {
    const HistoryPart part{&history, {}};
    return cachemodel::check({&part, 1}, options).value();
  }

  History history;
};

}  // namespace cachemodel
