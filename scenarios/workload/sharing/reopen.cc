// In each round one writer opens, writes and closes; everyone else who reads is told, and then
// opens, reads and closes: what close-to-open consistency promises to get right.
#include "scenarios/workload/sharing/pattern.h"

namespace scenarios {
namespace {

void one_round(SharingRound& round) {
  const SharingMember& me = round.member();
  const SharingRecord record = sharing_record(round.spec(), round.number());
  if (me.writer == round.number() % me.writers) {
    round.write(record);
    round.signal(round.number());
  } else if (me.reader) {
    round.await_to_read(round.number());
    round.read(record);
  }
  round.meet();
}

SharingCounts counts(const SharingSpec& spec, const SharingMember& me) {
  SharingCounts n;
  n.meetings = spec.rounds;
  if (me.writer) {
    const std::uint32_t extra = *me.writer < spec.rounds % me.writers ? 1 : 0;
    n.writes = n.signals = spec.rounds / me.writers + extra;
  }
  n.reads = n.awaits = n.delays = me.reader ? spec.rounds - n.writes : 0;
  n.visits = n.writes + n.reads;
  return n;
}

}  // namespace

const SharingPatternRow& reopen() {
  static constexpr SharingPatternRow kRow{
      .pattern = SharingPattern::reopen,
      .name = "reopen",
      .split = SharingSplit::both,
      .least_writers = 1,
      .least_readers = 1,
      .sized = true,
      .told = true,
      .picks = false,
      .mixes = false,
      .visits = true,
      .events = [](std::uint32_t) -> std::uint64_t { return 1; },
      .round = one_round,
      .counts = counts};
  return kRow;
}

}  // namespace scenarios
