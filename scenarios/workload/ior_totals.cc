// An IOR phase counted in closed form.
#include "scenarios/workload/ior_stream.h"

namespace scenarios {
namespace {

void add_transfers(const IorTest& test, IorPhaseKind kind, Totals& totals) {
  const IorOptions& o = test.options;
  const bool writing = kind == IorPhaseKind::write;
  const std::uint64_t transfers = test.transfers_per_rank() * test.ranks;
  totals.add(writing ? OpKind::write : OpKind::read, transfers);
  (writing ? totals.bytes_written : totals.bytes_read) += transfers * o.transfer_size;
  if (writing && o.fsync_per_write) {
    totals.add(OpKind::fsync, transfers);
  }
  const bool verify = kind == IorPhaseKind::write_check || (!writing && o.check_read);
  if (o.inter_io_delay != 0 && !verify) {
    totals.add(OpKind::think, transfers);
  }
}

void add_data_phase(const IorTest& test, const IorPhase& phase, Totals& totals) {
  const IorOptions& o = test.options;
  const std::uint64_t ranks = test.ranks;
  const bool writing = phase.kind == IorPhaseKind::write;
  const bool checking = phase.kind == IorPhaseKind::write_check;
  std::uint64_t barriers = 1;
  if (o.intra_test_barriers && !checking) {
    barriers += 2;
  }
  if (o.inter_test_delay != 0 && !checking) {
    totals.add(OpKind::think, ranks);
  }
  if (writing) {
    ++barriers;
    totals.add(OpKind::mkdir, o.unique_dir && o.file_per_process ? ranks : 0);
    totals.add(OpKind::unlink, o.use_existing ? 0 : (o.file_per_process ? ranks : 1));
    totals.add(OpKind::fsync, o.fsync ? ranks : 0);
  }
  if (phase.closing_barrier) {
    ++barriers;
  }
  totals.add(OpKind::barrier, barriers * ranks);
  totals.add(writing ? OpKind::create : OpKind::open, ranks);
  totals.add(OpKind::io_begin, ranks);
  totals.add(OpKind::io_end, ranks);
  totals.add(OpKind::close, ranks);
  add_transfers(test, phase.kind, totals);
}

}  // namespace

Totals ior_phase_totals(const IorLayout& layout, std::uint32_t phase_index) {
  const IorPhase& phase = layout.phases[phase_index];
  const IorTest& test = layout.tests[phase.test];
  Totals totals;
  totals.add(OpKind::phase, layout.tasks);
  if (phase.kind == IorPhaseKind::remove) {
    totals.add(OpKind::barrier, 2 * std::uint64_t{test.ranks});
    totals.add(OpKind::unlink, test.options.file_per_process ? test.ranks : 1);
  } else {
    add_data_phase(test, phase, totals);
  }
  if (phase.ends_test) {
    totals.add(OpKind::barrier, layout.tasks);
  }
  return totals;
}

}  // namespace scenarios
