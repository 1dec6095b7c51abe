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

struct GroupResult {
  std::string name;
  std::string design;
  std::uint32_t clients = 0;
  sim::Bytes bytes = 0;
  std::uint64_t ops = 0;
  sim::Duration time;  // the group's own first I/O to its last
  Tail tail;
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
  sim::Bytes bulk_bytes = 0;          // moved by RPCs, over-fetching included
  sim::Bytes over_fetched_bytes = 0;  // read in vain
  std::optional<PerOst> per_ost;
  std::vector<ResourceUse> resources;
  Limit limit;
  std::optional<Verification> verification;
  std::vector<GroupResult> groups;

  sim::Duration time() const { return end - start; }
};

struct Result {
  Context context;
  Host host;
  std::vector<PhaseResult> phases;
  std::vector<std::string> errors;  // operations that failed, one sentence each
  std::vector<std::string> notes;   // what a reader must know before trusting the numbers
};

// Bytes per second; 0 when no time passed, so that no writer meets a NaN.
inline double bandwidth(sim::Bytes bytes, sim::Duration time) {
  return time.ns() > 0 ? static_cast<double>(bytes) / time.seconds() : 0;
}

}  // namespace reports
