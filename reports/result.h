// What one run found: one plain record, filled by the run and printed by every writer. Nothing here
// is text for people; docs/metrics.md names every metric with its unit.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/units.h"

namespace reports {

// What was run. The same context gives the same record in the sim world, byte for byte.
struct Context {
  std::string version;        // of stripelab
  std::string scenario;       // its name
  std::string scenario_hash;  // of the effective configuration without the seed
  std::string hardware;       // what the machines are called
  std::uint64_t seed = 0;
  std::string world;         // "sim" or "socket"
  std::uint64_t events = 0;  // fired by the loop
  std::uint64_t digest = 0;  // running hash of everything that happened
};

// Facts of the machine that ran the harness. They differ from run to run, so writers keep them
// apart.
struct Host {
  std::string name;
  std::uint32_t cpus = 0;
  std::string started;  // ISO 8601, UTC
  sim::Duration wall_time;
};

// How unevenly the ranks finished. Instants are counted from the phase's start.
struct Tail {
  std::uint32_t ranks = 0;
  sim::Duration first_done;
  sim::Duration last_done;
  std::uint32_t slowest_rank = 0;
  sim::Duration slowest_rank_time;  // from that rank's own first I/O to its last
};

// Latencies of one kind of operation. Percentiles come from a log-linear histogram.
struct LatencySummary {
  std::string op;  // "read", "write", "open", ...
  std::uint64_t count = 0;
  sim::Duration mean;
  sim::Duration min;
  sim::Duration p50;
  sim::Duration p90;
  sim::Duration p99;
  sim::Duration p99_9;
  sim::Duration max;
};

// Time charged to one stage, summed over requests. `stage` is a name of the timeline ("device"), or
// the same behind "gateway.".
struct StageTime {
  std::string stage;
  sim::Duration time;
};

struct RpcCount {
  std::string opcode;  // Lustre's name, "OST_WRITE"
  std::uint64_t count = 0;
};

// The smallest and the largest of a metric over all OSTs, and which OSTs those are.
struct OstRange {
  double min = 0;
  double max = 0;
  std::uint32_t min_ost = 0;
  std::uint32_t max_ost = 0;
};

struct PerOst {
  std::uint32_t osts = 0;
  OstRange bytes;
  OstRange bandwidth;    // bytes per second over the phase
  OstRange utilisation;  // 0..1, of the OST's device
  OstRange rpcs;
};

// One resource over the phase, from first to last I/O.
struct ResourceUse {
  std::string name;       // "oss0.nic.in"
  std::string kind;       // "nic", "cpu", "threads", "device", "link"
  double busy = 0;        // 0..1, share of the phase with every server of the station at work
  double mean_queue = 0;  // requests waiting, time average
};

// What limits the phase; see find_limit.
struct Limit {
  enum class Kind : std::uint8_t { unknown, resource, latency_bound };
  Kind kind = Kind::unknown;
  std::string name;  // the resource, or the largest stage when latency-bound
  double share = 0;  // its busy share, or the stage's share of the foreground time
};

// 8-byte words of read data compared with the writes issued to their place.
struct Verification {
  std::uint64_t words_checked = 0;
  std::uint64_t words_bad = 0;
};

// Reads of 4 KiB blocks, sizes or times by which a newer write, acknowledged before the read began,
// should have been seen.
struct ReadStaleness {
  std::uint64_t reads = 0;
  std::uint64_t stale = 0;
  std::uint64_t stale_per_million = 0;  // rounded down
  std::uint64_t undecided = 0;  // may be stale: the order of writes or the clocks leave it open
  // Of the stale ones: from the first acknowledgement of a newer write to the read's call.
  sim::Duration age_p50;
  sim::Duration age_p99;
  sim::Duration age_max;
};

struct GroupResult {
  std::string name;
  std::string design;
  std::uint32_t clients = 0;
  sim::Bytes bytes = 0;
  std::uint64_t ops = 0;
  sim::Duration time;  // the group's own first I/O to its last
  Tail tail;
  std::optional<ReadStaleness> coherence;  // of blocks, if it was judged
  std::uint64_t false_invalidations = 0;   // pages dropped that the conflicting write did not touch
};

// One phase of the workload. Bandwidth is `bytes` over `end - start`, never a mean of rates.
struct PhaseResult {
  std::string name;  // "write", "read", ...
  sim::Bytes bytes = 0;
  std::uint64_t ops = 0;
  sim::TimePoint start;  // the first I/O starts
  sim::TimePoint end;    // the last I/O ends
  Tail tail;
  std::vector<LatencySummary> latency;
  std::vector<StageTime> foreground;  // along what users waited for
  std::vector<StageTime> background;  // read-ahead and write-back nobody waited for
  std::vector<RpcCount> rpcs;
  sim::Bytes bulk_bytes = 0;           // moved by RPCs, over-fetching included
  sim::Bytes over_fetched_bytes = 0;   // read in vain
  sim::Bytes swapped_in_bytes = 0;     // read from cached pages that had been swapped out
  sim::Bytes evicted_early_bytes = 0;  // pushed out of caches although there was memory for it
  std::uint64_t purges = 0;            // of coherence split: caches told to forget
  std::uint64_t failed_purges = 0;     // of these, those that forgot nothing
  std::optional<PerOst> per_ost;
  std::vector<ResourceUse> resources;
  Limit limit;
  std::optional<Verification> verification;
  std::optional<ReadStaleness> coherence;  // of blocks, if it was judged
  std::uint64_t false_invalidations = 0;   // pages dropped that the conflicting write did not touch
  std::vector<GroupResult> groups;

  sim::Duration time() const { return end - start; }
};

// Something that a file system may promise its readers; violations are counted in reads, of
// linearizability in blocks of files.
struct GuaranteeResult {
  std::string name;  // "close_to_open"
  std::uint64_t violations = 0;
  std::uint64_t undecided = 0;
};

// How one kind of what files have was seen: their blocks, sizes or times of last change.
struct RegisterCoherence {
  ReadStaleness staleness;
  std::uint64_t impossible = 0;  // reads of what was never there: no cache explains them
  // Stale reads by a client that no server had given up without its knowing. In no report.
  std::uint64_t unexcused = 0;
  std::vector<GuaranteeResult> guarantees;
};

// The checker's judgement of a whole run. Blocks are of 4 KiB.
struct Coherence {
  RegisterCoherence blocks;
  RegisterCoherence sizes;
  RegisterCoherence mtimes;
  std::uint64_t undecodable = 0;       // block reads of which no writer can be named
  std::uint64_t lost = 0;              // blocks of acknowledged writes that never arrive
  std::uint64_t lost_after_fsync = 0;  // of these, blocks that had been synced
  std::uint64_t failed_writes = 0;
  std::uint64_t unknown_writes = 0;
  std::uint64_t unknown_seen = 0;    // of these, writes that some read showed
  std::vector<std::string> stories;  // the first few violations of each kind, some lines each
};

// How one server came back after a restart.
struct Recovery {
  std::string server;                   // "oss1"
  sim::TimePoint start;                 // it took connections again
  sim::Duration time;                   // until all its targets served new requests
  std::uint64_t clients = 0;            // that its targets knew, each of them counted
  std::uint64_t evicted = 0;            // of these, clients that did not come back in time
  std::uint64_t replayed_requests = 0;  // carried out again, since they had not become stable
  sim::Bytes replayed_bytes = 0;        // of writes among them
  std::uint64_t replayed_locks = 0;
  std::uint64_t undone_requests = 0;  // carried out before the restart, and not stable by then
};

// A client that a target has given up, and until when the client did not know. In no report; for
// those who judge a run.
struct Eviction {
  std::uint32_t client = 0;  // its number in the cluster
  std::string server;
  sim::TimePoint at;
  sim::TimePoint missed;  // the client knew that it had no connection there
  sim::TimePoint until;   // it knew that it was evicted; the end of the run, if it never found out
};

// Clients that servers gave up, and what that cost.
struct Liveness {
  std::uint64_t evictions = 0;  // of a client by a target
  // Of these, those of the MDT by OSTs, where it makes objects. They are in no list below: it keeps
  // no locks and caches nothing there, so there is nothing to be wrong about until it notices.
  std::uint64_t mdt_evictions = 0;  // in no report
  std::uint64_t reconnects = 0;     // by clients, after a connection was lost
  // Of the evictions, those of holders that did not give up a lock, or did not tell a glimpse.
  std::uint64_t callback_timeouts = 0;
  sim::Bytes lost_bytes = 0;           // in caches of clients, and not taken by servers
  sim::Bytes unknown_bytes = 0;        // under way when that came out: written or not
  std::uint64_t lost_changes = 0;      // of names and attributes, that the MDT had answered
  std::uint64_t leaked_locks = 0;      // that could not be given back at unmount
  std::uint64_t messages_lost = 0;     // by the fault plan
  sim::Bytes most_unstable_bytes = 0;  // kept by a client at a time, to be written again if need be
  std::vector<Recovery> recoveries;    // in the order in which they began
  std::vector<Eviction> evicted;       // by client
};

struct Result {
  Context context;
  Host host;
  std::vector<PhaseResult> phases;
  std::optional<Coherence> coherence;  // if it was judged
  std::optional<Liveness> liveness;    // if clients hold locks, or something was to go wrong
  std::vector<std::string> errors;     // operations that failed, one sentence each
  std::vector<std::string> notes;      // what a reader must know before trusting the numbers
};

// Bytes per second; 0 when no time passed, so that no writer meets a NaN.
inline double bandwidth(sim::Bytes bytes, sim::Duration time) {
  return time.ns() > 0 ? static_cast<double>(bytes) / time.seconds() : 0;
}

}  // namespace reports
