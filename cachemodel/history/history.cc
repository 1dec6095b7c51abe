#include "cachemodel/history/history.h"

#include <fmt/core.h>

#include <string_view>

namespace cachemodel {
namespace {

constexpr std::int64_t kFarthest = std::int64_t{1} << 61;

bool near(sim::TimePoint at) { return -kFarthest <= at.ns() && at.ns() <= kFarthest; }

// The fault of an instant or a call, or nothing.
std::string fault_of(sim::TimePoint at) {
  return near(at) ? "" : fmt::format("{} ns is too far from the clock's zero", at.ns());
}

std::string fault_of(const Call& call) {
  if (!near(call.invoked) || !near(call.returned)) {
    return fault_of(near(call.invoked) ? call.returned : call.invoked);
  }
  return call.invoked <= call.returned
             ? ""
             : fmt::format("returned at {} ns, before it was invoked at {} ns", call.returned.ns(),
                           call.invoked.ns());
}

std::string fault_of(sim::Extent range) {
  return range.empty() ? fmt::format("covers nothing: [{}, {})", range.begin, range.end) : "";
}

std::string fault_of_stamp(std::uint64_t stamp) {
  return stamp == 0 || stamp == kNoWriter ? fmt::format("stamp {:#x} names no write", stamp) : "";
}

std::string first_of(std::string a, std::string b, std::string c = {}) {
  return !a.empty() ? a : !b.empty() ? b : c;
}

std::string fault_of(const WriteEvent& e) {
  return first_of(fault_of(e.range), fault_of_stamp(e.stamp), fault_of(e.call));
}
std::string fault_of(const ApplyEvent& e) {
  return first_of(fault_of(e.range), fault_of_stamp(e.stamp), fault_of(e.at));
}
std::string fault_of(const FileEvent& e) { return fault_of(e.call); }
std::string fault_of(const DropEvent& e) {
  return first_of(fault_of(e.range), e.cause == DropCause::lost ? fault_of_stamp(e.stamp) : "",
                  fault_of(e.at));
}
std::string fault_of(const AttributeChange& e) { return fault_of(e.call); }
std::string fault_of(const AttributeRead& e) {
  return first_of(fault_of(e.call), fault_of(e.since));
}

std::string fault_of(const ReadEvent& e, std::span<const ReadRun> runs) {
  sim::Bytes room = sim::kEof - e.offset;
  for (const ReadRun& run : runs) {
    if (run.length == 0 || run.length > room) {
      return fmt::format("a run of {} bytes, {} are left before the end of any file", run.length,
                         room);
    }
    room -= run.length;
    if (!near(run.since)) {
      return fault_of(run.since);
    }
  }
  return fault_of(e.call);
}

sim::Status refuse(std::string_view kind, std::size_t index, const std::string& fault) {
  return sim::Error{sim::Errc::invalid_argument,
                    fmt::format("history: {} {}: {}", kind, index, fault)};
}

template <typename Event>
sim::Status check_all(std::string_view kind, std::span<const Event> events) {
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (const std::string fault = fault_of(events[i]); !fault.empty()) {
      return refuse(kind, i, fault);
    }
  }
  return {};
}

sim::Status check_reads(const History& history) {
  for (std::size_t i = 0; i < history.reads().size(); ++i) {
    const ReadEvent& event = history.reads()[i];
    if (const std::string fault = fault_of(event, history.runs_of(event)); !fault.empty()) {
      return refuse("read", i, fault);
    }
  }
  return {};
}

}  // namespace

std::size_t History::begin_write(WriteEvent event) {
  event.ending = Ending::unknown;
  event.call.returned = sim::TimePoint::max();
  writes_.push_back(event);
  return writes_.size() - 1;
}

void History::settle(std::size_t write, Ending ending, sim::TimePoint returned) {
  WriteEvent& event = writes_[write];
  sim::check(event.call.returned == sim::TimePoint::max(), "a write that is not under way");
  event.ending = ending;
  event.call.returned = returned;
}

void History::end(sim::TimePoint at) {
  for (WriteEvent& event : writes_) {
    event.call.returned = event.call.returned == sim::TimePoint::max() ? at : event.call.returned;
  }
}

void History::read(ReadEvent event, std::span<const ReadRun> runs) {
  event.first_run = runs_.size();
  event.run_count = runs.size();
  runs_.insert(runs_.end(), runs.begin(), runs.end());
  reads_.push_back(event);
}

std::size_t History::size() const {
  return writes_.size() + applies_.size() + reads_.size() + files_.size() + drops_.size() +
         changes_.size() + attributes_.size();
}

sim::Status validate(const History& history) {
  const sim::Status all[] = {check_all("write", history.writes()),
                             check_all("application", history.applies()),
                             check_reads(history),
                             check_all("file call", history.files()),
                             check_all("drop", history.drops()),
                             check_all("attribute change", history.changes()),
                             check_all("attribute read", history.attributes())};
  for (const sim::Status& status : all) {
    if (!status.ok()) {
      return status;
    }
  }
  return {};
}

}  // namespace cachemodel
