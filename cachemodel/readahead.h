// Read-ahead as Lustre's llite does it: how much beyond a read to fetch, for one open file.
#pragma once

#include <cstdint>
#include <optional>

#include "sim/units.h"

namespace cachemodel {

struct ReadAheadOptions {
  bool enabled = true;
  sim::Bytes rpc_size = 4 * sim::kMiB;        // the window grows by this and is aligned to it
  sim::Bytes max_per_file = 256 * sim::kMiB;  // Lustre 2.17: max_read_ahead_per_file_mb
  sim::Bytes whole_file = 4 * sim::kMiB;      // Lustre 2.17: max_read_ahead_whole_mb
};

// Sequential reads open a window that grows by an RPC with each read; a repeated jump of the same
// length with the same run between is a stride and is fetched run by run; anything else closes the
// window. State of one open file handle.
class ReadAhead {
 public:
  explicit ReadAhead(ReadAheadOptions options) : options_(options) {}

  // What to have fetched, or on the way, for a read of `range`, beyond the read itself: an
  // ascending list of extents ends when next() returns nothing. `file_size` is what the client
  // knows of it. Calling it counts the read.
  void on_read(sim::Extent range, sim::Bytes file_size);
  // The next extent to fetch ahead; extents already handed out for the present window are not
  // repeated.
  std::optional<sim::Extent> next();
  // A page inside the window was not there when it was read (evicted, or never fetched): the window
  // starts again; a stride is kept.
  void on_miss();

  sim::Bytes window() const { return window_; }
  bool striding() const { return striding_; }

 private:
  bool sequential(sim::Extent range) const;
  void detect_stride(sim::Extent range);
  void plan(sim::Extent range, sim::Bytes file_size);
  void restart();

  ReadAheadOptions options_;
  std::uint64_t reads_ = 0;
  std::uint32_t consecutive_ = 0;
  sim::Bytes last_end_ = 0;
  sim::Bytes run_begin_ = 0;      // where the present run of sequential reads began
  sim::Bytes window_ = 0;         // useful bytes to have ahead of the present read's start
  sim::Bytes fetched_until_ = 0;  // file offset up to which was handed out
  sim::Bytes plan_begin_ = 0;
  sim::Bytes plan_end_ = 0;  // file offset
  bool striding_ = false;
  std::uint32_t stride_seen_ = 0;
  sim::Bytes stride_run_ = 0;     // useful bytes of one stride
  sim::Bytes stride_length_ = 0;  // from the start of a run to the start of the next
};

}  // namespace cachemodel
