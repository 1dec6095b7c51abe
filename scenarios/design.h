// Client designs: choices as data, so that a difference in a result has a cause one can name.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "sim/status.h"
#include "sim/units.h"
#include "stripe/client/choices.h"
#include "stripe/layout/coalesce.h"

namespace scenarios {

using Coalescing = stripe::Coalesce;
using stripe::Coherence;
using stripe::Dispatch;
using stripe::Pressure;
using stripe::Purge;
using stripe::Redirect;
using stripe::WriteLock;

struct ReadAheadSpec {
  bool enabled = true;
  sim::Bytes max_per_file =
      256 * sim::kMiB;                    // Lustre 2.17: a quarter of max_total, at most 256 MiB
  sim::Bytes max_total = sim::kGiB;       // Lustre 2.17: RAM/32, at most 1 GiB; per client
  sim::Bytes whole_file = 4 * sim::kMiB;  // files this small are fetched at the second read
  bool asynchronous = true;               // Lustre since 2.13: pages are made ready by workers
  bool operator==(const ReadAheadSpec&) const = default;
};

struct SplitSpec {
  Redirect redirect = Redirect::paging;
  Purge purge = Purge::none;
  sim::Duration purge_time = sim::microseconds(100);  // assumed: it is only known to be slow
  bool mapped = false;  // applications map the files too, and every purge fails
  bool operator==(const SplitSpec&) const = default;
};

struct PageCacheSpec {
  bool enabled = true;
  sim::Bytes size = 64 * sim::kGiB;  // per client; Lustre: RAM/2
  Pressure pressure = Pressure::signal;
  sim::Duration expire = sim::seconds(30);  // of `expire`
  bool operator==(const PageCacheSpec&) const = default;
};

// The defaults are Lustre 2.17's.
struct DesignSpec {
  std::string preset = "lustre";                     // what it was made from, for reports
  sim::Bytes max_rpc_size = 4 * sim::kMiB;           // bulk bytes of one OST_READ or OST_WRITE
  std::uint32_t max_rpcs_in_flight = 8;              // per OST
  sim::Bytes max_dirty_per_ost = 2'000 * sim::kMiB;  // max_dirty_mb: 2000 MB where RAM/8 allows
  bool grants = true;                                // OSTs promise space for what is dirty
  sim::Bytes short_io = 16 * sim::kKiB;  // I/O up to this size travels inside the RPC; 0 = never
  bool checksums = true;
  bool direct_io = false;                      // every read and write bypasses the page cache
  Coalescing coalescing = Coalescing::vector;  // a BRW carries pages, touching or not
  Dispatch dispatch = Dispatch::parallel;
  WriteLock write_lock = WriteLock::range;  // Lustre since 2.9
  Coherence coherence = Coherence::ldlm;
  sim::Duration attribute_timeout = sim::seconds(3);  // of ttl; NFS: acregmin
  std::uint32_t share_server = 0;                     // of oplock, split: the one that is asked
  SplitSpec split;
  bool intents = true;                // one request to the MDT does all that an operation needs
  std::uint32_t statahead_max = 128;  // entries asked for ahead, under locks; 0 = none
  sim::Duration ping_interval = sim::seconds(25);  // obd_timeout / 4; 0: no pinger
  ReadAheadSpec read_ahead;
  PageCacheSpec page_cache;
  sim::Duration rpc_timeout = sim::seconds(100);  // obd_timeout, what fixed time-outs use
  bool operator==(const DesignSpec&) const = default;
};

// One line of the table of presets.
struct DesignPreset {
  std::string_view name;
  std::string_view what;  // for --help
  DesignSpec (*make)();
};

// Valid for the life of the program.
std::span<const DesignPreset> design_presets();

// The preset of that name; not_found names the known ones and the nearest.
sim::Result<DesignSpec> design_preset(std::string_view name);

}  // namespace scenarios
