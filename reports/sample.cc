#include "reports/sample.h"

namespace reports {
namespace {

using sim::milliseconds;

Tail sample_tail() { return {16, milliseconds(80), milliseconds(90), 7, milliseconds(88)}; }

PhaseResult sample_phase() {
  PhaseResult p;
  p.name = "read";
  p.bytes = sim::kGiB;
  p.ops = 512;
  p.start = sim::TimePoint(1000000);
  p.end = p.start + milliseconds(90);
  p.tail = sample_tail();
  p.latency = {{"read", 512, milliseconds(2), milliseconds(1), milliseconds(2), milliseconds(3),
                milliseconds(4), milliseconds(5), milliseconds(6)}};
  p.foreground = {{"fabric", milliseconds(250)}, {"device", milliseconds(750)}};
  p.background = {{"gateway.device", milliseconds(10)}};
  p.rpcs = {{"LDLM_ENQUEUE", 16}, {"OST_READ", 1256}};
  p.bulk_bytes = sim::kGiB + sim::kMiB;
  p.over_fetched_bytes = sim::kMiB;
  p.swapped_in_bytes = 3 * sim::kMiB;
  p.evicted_early_bytes = 5 * sim::kMiB;
  p.purges = 9;
  p.failed_purges = 2;
  p.per_ost =
      PerOst{8, {1e6, 2e6, 0, 3}, {1.5e8, 2.5e8, 0, 3}, {0.5, 0.75, 0, 3}, {100, 200, 0, 3}};
  p.resources = {{"oss0.nic.out", "nic", 0.95, 3.5}, {"ost0", "device", 0.7, 0.25}};
  p.limit = {Limit::Kind::resource, "oss0.nic.out", 0.95};
  p.verification = Verification{134217728, 0};
  p.coherence = {4096, 1024, 250000, 3, milliseconds(1), milliseconds(9), milliseconds(10)};
  p.false_invalidations = 5;
  p.groups = {
      {"windows", "pcifs_sfilter", 2, sim::kMiB, 8, milliseconds(10), sample_tail(), {}, 0},
      {"linux", "lustre", 2, sim::kMiB, 8, milliseconds(20), sample_tail(), p.coherence, 5},
  };
  return p;
}

Coherence sample_coherence() {
  Coherence c;
  c.blocks.staleness = {4096, 1024, 250000, 3, milliseconds(1), milliseconds(9), milliseconds(10)};
  c.blocks.guarantees = {{"linearizable", 12, 0}, {"read_your_writes", 0, 1}};
  c.sizes.staleness.reads = 16;
  c.sizes.guarantees = {{"linearizable", 0, 0}};
  c.mtimes.guarantees = {{"linearizable", 0, 0}};
  c.lost = 2;
  c.stories = {"stale read: client 2 read [0 B, 4096 B) of /f\n  newer: write 1 of client 1"};
  return c;
}

Liveness sample_liveness() {
  Liveness l;
  l.evictions = 2;
  l.reconnects = 3;
  l.callback_timeouts = 1;
  l.lost_bytes = 4096;
  l.unknown_bytes = 8192;
  l.messages_lost = 17;
  l.most_unstable_bytes = sim::kMiB;
  l.recoveries = {
      {"oss1", sim::TimePoint(5'000'000), milliseconds(70), 4, 1, 9, 3 * sim::kMiB, 6, 9}};
  return l;
}

}  // namespace

Result sample_result() {
  Result r;
  r.context = {"0.1.0", "sample", "0123456789abcdef", "nvme_2023", 1, "sim", 81234, 0xfeed};
  r.host = {"builder", 2, "2026-01-02T03:04:05Z", milliseconds(310)};
  r.phases = {sample_phase()};
  r.coherence = sample_coherence();
  r.liveness = sample_liveness();
  r.errors = {"rank 3: read of /f at 0: timed_out"};
  r.notes = {"the page cache held all data: reads show memory, not storage"};
  return r;
}

}  // namespace reports
