#include "scenarios/run/witness.h"

#include <set>

namespace scenarios {

using cachemodel::Basis;
using cachemodel::Ending;
using cachemodel::FileCall;

void Witness::existed(const stripe::Fid& file, sim::Bytes size) {
  cachemodel::AttributeChange change;
  change.file = file.content_id();
  change.value = size;
  change.call = {loop_.now(), loop_.now()};
  history_.change(change);
}

Witness::Handle Witness::opened(const stripe::File& file, const std::string& path,
                                std::uint32_t client, bool cached, sim::TimePoint invoked) {
  const Handle handle{file.fid().content_id(), client, ++handles_, cached};
  names_.try_emplace(handle.file, path);
  history_.file({handle.file, client, handle.number, FileCall::open, {invoked, loop_.now()}});
  return handle;
}

void Witness::closed(const Handle& handle, sim::TimePoint invoked) {
  history_.file(
      {handle.file, handle.client, handle.number, FileCall::close, {invoked, loop_.now()}});
}

void Witness::synced(const Handle& handle, sim::TimePoint invoked) {
  history_.file(
      {handle.file, handle.client, handle.number, FileCall::fsync, {invoked, loop_.now()}});
}

void Witness::read(const Handle& handle, sim::Extent asked, const stripe::Outcome& outcome,
                   sim::TimePoint invoked) {
  if (!outcome.ok()) {
    return;
  }
  const Basis basis = handle.cached ? Basis::unstated : Basis::fetched;
  runs_.clear();
  sim::Bytes at = asked.begin;
  for (const transport::ContentRun& run : outcome.data.runs()) {
    // What stands at another place than it was written to names nobody.
    const bool here = run.stamp.value == 0 || (run.file == handle.file && run.offset == at);
    const std::uint64_t stamp = here ? run.stamp.value : cachemodel::kNoWriter;
    runs_.push_back({run.length, stamp, basis, invoked});
    at += run.length;
  }
  if (at < asked.end) {
    runs_.push_back({asked.end - at, 0, basis, invoked});
  }
  cachemodel::ReadEvent event;
  event.file = handle.file;
  event.offset = asked.begin;
  event.client = handle.client;
  event.handle = handle.number;
  event.call = {invoked, loop_.now()};
  history_.read(event, runs_);
}

void Witness::found(const stripe::FileAttr& attr, std::uint32_t client, sim::TimePoint invoked) {
  cachemodel::AttributeRead event;
  event.file = attr.fid.content_id();
  event.value = attr.size;
  event.client = client;
  event.basis = Basis::fetched;
  event.since = invoked;
  event.call = {invoked, loop_.now()};
  history_.attribute(event);
  event.attribute = cachemodel::Attribute::mtime;
  event.value = static_cast<std::uint64_t>(attr.mtime_ns);
  times_.push_back(event);
}

std::size_t Witness::changes(const Handle& handle, sim::Extent range, transport::Stamp stamp,
                             bool cut) {
  cachemodel::WriteEvent event;
  event.file = handle.file;
  event.range = range;
  event.stamp = stamp.value;
  event.handle = handle.number;
  event.zeros = cut;
  event.call.invoked = loop_.now();
  times_set_.push_back(-1);
  return history_.begin_write(event);
}

// Of a change with an error, parts may have arrived and others may still do: only one that was
// refused before anything was sent has certainly failed.
void Witness::returned(std::size_t change, sim::Extent asked, const stripe::Outcome& outcome) {
  const bool whole =
      outcome.ok() && (history_.writes()[change].zeros || outcome.bytes == asked.size());
  const bool refused = outcome.status == sim::Errc::bad_handle;
  history_.settle(change,
                  whole     ? Ending::ok
                  : refused ? Ending::failed
                            : Ending::unknown,
                  loop_.now());
  times_set_[change] = outcome.mtime_ns;
}

void Witness::lost(std::uint64_t file, sim::Extent range, transport::Stamp stamp) {
  history_.drop({file, range, cachemodel::client_of(stamp.value), cachemodel::DropCause::lost,
                 stamp.value, loop_.now()});
}

void Witness::add_time(const cachemodel::WriteEvent& write, std::int64_t time, Ending ending) {
  cachemodel::AttributeChange change;
  change.file = write.file;
  change.value = static_cast<std::uint64_t>(time);
  change.client = cachemodel::client_of(write.stamp);
  change.handle = write.handle;
  change.attribute = cachemodel::Attribute::mtime;
  change.change = cachemodel::Change::at_least;
  change.ending = ending;
  change.call = write.call;
  history_.change(change);
}

// A write tells the time it has set when it comes back. One that never did may have set any since
// its call. What a file shows before any write to it is the time of its creation, or older.
void Witness::add_times() {
  struct Times {
    std::set<std::uint64_t> set;
    const cachemodel::WriteEvent* first_open = nullptr;  // the first that has not come back
  };
  std::map<std::uint64_t, Times> files;  // those whose times somebody was told
  for (const SeenTime& seen : times_) {
    files[seen.file];
  }
  if (files.empty()) {
    return;
  }
  std::set<std::uint64_t> lost;  // stamps
  for (const cachemodel::DropEvent& drop : history_.drops()) {
    if (drop.cause == cachemodel::DropCause::lost) {
      lost.insert(drop.stamp);
    }
  }
  for (std::size_t w = 0; w < history_.writes().size(); ++w) {
    const cachemodel::WriteEvent& write = history_.writes()[w];
    const auto found = files.find(write.file);
    if (found == files.end()) {
      continue;
    }
    Times& times = found->second;
    if (times_set_[w] > 0) {
      times.set.insert(static_cast<std::uint64_t>(times_set_[w]));
      add_time(write, times_set_[w], lost.contains(write.stamp) ? Ending::unknown : write.ending);
    } else if (times_set_[w] < 0 && times.first_open == nullptr) {
      times.first_open = &write;
    }
  }
  for (SeenTime seen : times_) {
    const Times& times = files[seen.file];
    if (!times.set.contains(seen.value)) {
      const auto time = static_cast<std::int64_t>(seen.value);
      if (times.first_open != nullptr && times.first_open->call.invoked.ns() <= time) {
        add_time(*times.first_open, time, Ending::unknown);
      } else if (times.set.empty() || seen.value < *times.set.begin()) {
        seen.value = 0;
      }
    }
    history_.attribute(seen);
  }
  times_.clear();
}

sim::Result<cachemodel::Verdict> Witness::judge(cachemodel::CheckOptions options) {
  history_.end(loop_.now());
  add_times();
  options.file_name = [this](std::uint64_t file) { return names_[file]; };
  const cachemodel::HistoryPart part{&history_, {}};
  return cachemodel::check({&part, 1}, options);
}

}  // namespace scenarios
