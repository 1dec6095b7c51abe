// What applications saw, for the checker of coherence: every call on a file with when it was made,
// when it came back, and which writes' data it showed.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cachemodel/history/check.h"
#include "stripe/client/mount.h"

namespace scenarios {

// One per loop. Takes what a rank tells it; costs nothing when nobody does.
class Witness {
 public:
  explicit Witness(sim::Loop& loop) : loop_(loop) {}

  // An open file of one rank. Handles are unique.
  struct Handle {
    std::uint64_t file = 0;
    std::uint32_t client = 0;
    std::uint32_t number = 0;
    bool cached = false;  // reads through it may be answered from the client's cache
  };

  // The file was there before the run, with this size and nothing but zeros in it.
  void existed(const stripe::Fid& file, sim::Bytes size);

  // What has come back just now; `invoked` is when it was called. Failed opens, closes and fsyncs
  // promise nothing and are not told.
  Handle opened(const stripe::File& file, const std::string& path, std::uint32_t client,
                bool cached, sim::TimePoint invoked);
  void closed(const Handle& handle, sim::TimePoint invoked);
  void synced(const Handle& handle, sim::TimePoint invoked);
  // Of `asked`; what lies behind the file's end as the reader met it counts as never written.
  void read(const Handle& handle, sim::Extent asked, const stripe::Outcome& outcome,
            sim::TimePoint invoked);
  // Of a file, exact as the client could find out.
  void found(const stripe::FileAttr& attr, std::uint32_t client, sim::TimePoint invoked);

  // A write or truncate is called now: `range` from the offset to the end of the write, or from the
  // new size to kEof. Returns what to call returned() with; a call that never returns is of unknown
  // outcome.
  std::size_t changes(const Handle& handle, sim::Extent range, transport::Stamp stamp, bool cut);
  void returned(std::size_t change, sim::Extent asked, const stripe::Outcome& outcome);
  // A part of a write that was acknowledged may never be in the file: its client has just found
  // out.
  void lost(std::uint64_t file, sim::Extent range, transport::Stamp stamp);

  // Ends the history, now, and judges it. `options` need no file names.
  sim::Result<cachemodel::Verdict> judge(cachemodel::CheckOptions options);

  const cachemodel::History& history() const { return history_; }

 private:
  using SeenTime = cachemodel::AttributeRead;
  void add_times();
  void add_time(const cachemodel::WriteEvent& write, std::int64_t time, cachemodel::Ending ending);

  sim::Loop& loop_;
  cachemodel::History history_;
  std::vector<cachemodel::ReadRun> runs_;  // of the read being told
  std::vector<SeenTime> times_;            // of last change that somebody was told
  std::vector<std::int64_t> times_set_;    // by write; 0: none, -1: it has not come back
  std::map<std::uint64_t, std::string> names_;
  std::uint32_t handles_ = 0;
};

}  // namespace scenarios
