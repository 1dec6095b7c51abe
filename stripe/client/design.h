// What a client design chooses. Designs differ only in these fields, so that a difference between
// two results has a cause one can name.
#pragma once

#include <algorithm>

#include "cachemodel/ldlm/lock_lru.h"
#include "cachemodel/readahead.h"
#include "stripe/client/choices.h"
#include "stripe/layout/coalesce.h"
#include "stripe/protocol/mds_messages.h"

namespace stripe {

// Of coherence split.
struct SplitDesign {
  Redirect redirect = Redirect::paging;
  Purge purge = Purge::none;
  // Of each purge, also of one that fails. An assumption: "slow" is all that is known of it.
  sim::Duration purge_time = sim::microseconds(100);
  bool mapped = false;  // applications map the files too: every purge fails
};

// A client machine's memory. With `size` 0 there is always enough.
struct MemoryDesign {
  sim::Bytes size = 0;
  Pressure pressure = Pressure::signal;
  sim::Duration expire = sim::seconds(30);
  sim::Bytes others_low = 0;  // what other programs hold, in turns
  sim::Bytes others_high = 0;
  sim::Duration period = sim::seconds(60);
  sim::Duration swap_latency = sim::microseconds(100);  // of each page that was swapped out
};

// The defaults are those of Lustre 2.17.
struct ClientDesign {
  sim::Bytes max_rpc_size = 4 * sim::kMiB;  // osc.*.max_pages_per_rpc 1024
  std::uint32_t rpcs_in_flight = 8;         // osc.*.max_rpcs_in_flight, per OST
  std::uint32_t mdc_rpcs_in_flight = 8;  // mdc.*.max_rpcs_in_flight, of intents; of data on the MDT
  std::uint32_t mod_rpcs_in_flight = 7;  // mdc.*.max_mod_rpcs_in_flight; a close may be one more
  sim::Duration rpc_timeout = sim::seconds(100);  // obd_timeout
  sim::Bytes short_io = 16 * sim::kKiB;  // data up to this travels inside the RPC; 0: never
  bool checksums = true;
  // A Lustre BRW carries pages of one object whether they touch or not (osc_build_rpc), a range for
  // each run of them; 256 runs are what its write-back gathers at most.
  Coalesce coalesce = Coalesce::vector;
  CoalesceLimits coalesce_limits{sim::kEof, 256};
  Dispatch dispatch = Dispatch::parallel;
  WriteLock write_lock = WriteLock::range;  // Lustre since 2.9; before, a mutex for each file
  Coherence coherence = Coherence::unshared;
  sim::Duration attribute_timeout = sim::seconds(3);  // of ttl (NFS: acregmin 3 s)
  std::uint32_t share_server = 0;                     // of oplock, split: which one it uses
  SplitDesign split;
  cachemodel::LruOptions lock_lru;
  // One request to the MDT does all that an operation needs; false: lookup, lock, getattr, open and
  // layout are asked for one by one.
  bool intents = true;
  sim::Duration ping_interval = sim::seconds(25);  // obd_timeout / 4; zero: no pinger

  bool page_cache = true;                  // false: every read and write goes to the OSTs
  sim::Bytes cache_size = 64 * sim::kGiB;  // llite max_cached_mb, half the memory
  MemoryDesign memory;
  sim::Bytes max_dirty_per_ost = 2000 * sim::kMiB;  // osc.*.max_dirty_mb
  // Whether OSTs promise space for what is dirty. Without, a full OST is told at write-back.
  bool grants = false;
  sim::Duration dirty_expire = sim::seconds(30);      // Linux: vm.dirty_expire_centisecs 3000
  sim::Duration write_back_period = sim::seconds(5);  // Linux: vm.dirty_writeback_centisecs 500
  cachemodel::ReadAheadOptions read_ahead;
  // llite max_read_ahead_mb: being read ahead at a time, of all files together; 0: no read-ahead.
  sim::Bytes max_read_ahead = sim::kGiB;
  // Whether pages to be read ahead are made ready by threads of their own; else by the reader, who
  // waits for that (Lustre before 2.13, commit c279167426).
  bool async_read_ahead = true;

  // llite statahead_max: attributes of directory entries asked for ahead at a time, under locks; 0:
  // none are.
  std::size_t statahead_max = 128;

  // How long the FID of a directory on a path is believed. Lustre believes it for as long as nobody
  // takes its LOOKUP lock away, so for ever while nobody renames; without locks it is asked anew.
  sim::Duration directory_expire = sim::seconds(1);
};

// What read-ahead of one file may do under `design`. As in Lustre, a quarter of the cache is the
// most that is asked for ahead, and a file fetched whole has no larger budget than another.
inline cachemodel::ReadAheadOptions read_ahead_options(const ClientDesign& design) {
  cachemodel::ReadAheadOptions options = design.read_ahead;
  options.max_per_file = std::min(options.max_per_file, design.cache_size / 4);
  options.whole_file = std::min(options.whole_file, options.max_per_file);
  options.enabled &= options.max_per_file > 0 && design.max_read_ahead > 0;
  return options;
}

}  // namespace stripe
