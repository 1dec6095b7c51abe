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
  p.per_ost =
      PerOst{8, {1e6, 2e6, 0, 3}, {1.5e8, 2.5e8, 0, 3}, {0.5, 0.75, 0, 3}, {100, 200, 0, 3}};
  p.resources = {{"oss0.nic.out", "nic", 0.95, 3.5}, {"ost0", "device", 0.7, 0.25}};
  p.limit = {Limit::Kind::resource, "oss0.nic.out", 0.95};
  p.verification = Verification{134217728, 0};
  p.groups = {
      {"windows", "pcifs_sfilter", 2, sim::kMiB, 8, milliseconds(10), sample_tail()},
      {"linux", "lustre", 2, sim::kMiB, 8, milliseconds(20), sample_tail()},
  };
  return p;
}

}  // namespace

Result sample_result() {
  Result r;
  r.context = {"0.1.0", "sample", "0123456789abcdef", "nvme_2023", 1, "sim", 81234, 0xfeed};
  r.host = {"builder", 2, "2026-01-02T03:04:05Z", milliseconds(310)};
  r.phases = {sample_phase()};
  r.errors = {"rank 3: read of /f at 0: timed_out"};
  r.notes = {"the page cache held all data: reads show memory, not storage"};
  return r;
}

}  // namespace reports
