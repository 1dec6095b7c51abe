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
  // Something to fetch ahead. What is `due` fills the RPC that the read itself begins, and is
  // fetched whatever the client's budget says.
  struct Ahead {
    sim::Extent extent;
    bool due = false;
  };

  explicit ReadAhead(ReadAheadOptions options) : options_(options) {}

  // Counts a read of `range` and decides what to have fetched, or on the way, beyond it: an
  // ascending list of extents that ends when next() returns nothing. `file_size` is what the client
  // knows of it. `missing` is the first byte of the range that was neither here nor on the way: if
  // it had been fetched ahead, more is asked for than memory can hold, and the window starts again.
  void on_read(sim::Extent range, sim::Bytes file_size, sim::Bytes missing = sim::kEof);
  // The next extent to fetch ahead. What was handed out for the present window is not repeated.
  std::optional<Ahead> next();
  // The extent that next() gave last is not fetched, because the client reads ahead enough already:
  // nothing more of this read, and the next one begins there.
  void refuse(const Ahead& ahead);

  sim::Bytes window() const { return window_; }
  bool striding() const { return striding_; }

 private:
  bool sequential(sim::Extent range) const;
  bool in_window(sim::Bytes offset) const;
  void detect_stride(sim::Extent range);
  void leave_stride(sim::Extent range);
  void plan(sim::Extent range, sim::Bytes file_size);
  void restart(std::uint32_t consecutive);
  Ahead hand_out(sim::Bytes end);

  ReadAheadOptions options_;
  std::uint64_t reads_ = 0;
  std::uint32_t consecutive_ = 0;
  sim::Extent last_;              // the last read
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
