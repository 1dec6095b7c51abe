// Writers take turns on the same record. Who also reads looks first at what the one before it
// wrote; who only reads looks after the last turn of a round.
#include "scenarios/workload/sharing/pattern.h"

namespace scenarios {
namespace {

void one_round(SharingRound& round) {
  const SharingMember& me = round.member();
  const std::uint64_t first = round.number() * me.writers;
  const SharingRecord record = sharing_record(round.spec(), round.number());
  if (!me.writer) {
    round.await_to_read(first + me.writers - 1);
    round.read(record);
  } else {
    if (*me.writer > 0 && me.reader) {
      round.await_to_read(first + *me.writer - 1);
      round.read(record);
    } else if (*me.writer > 0) {
      round.await(first + *me.writer - 1);
    }
    round.write(record);
    round.signal(first + *me.writer);
  }
  round.meet();
}

SharingCounts counts(const SharingSpec& spec, const SharingMember& me) {
  SharingCounts n;
  n.meetings = n.visits = spec.rounds;
  n.writes = n.signals = me.writer ? spec.rounds : 0;
  n.awaits = me.writer == 0u ? 0 : spec.rounds;
  n.reads = n.delays = me.reader ? n.awaits : 0;
  return n;
}

}  // namespace

const SharingPatternRow& ping_pong() {
  static constexpr SharingPatternRow kRow{
      .pattern = SharingPattern::ping_pong,
      .name = "ping_pong",
      .split = SharingSplit::both,
      .least_writers = 2,
      .least_readers = 0,
      .sized = true,
      .told = true,
      .picks = false,
      .mixes = false,
      .visits = false,
      .events = [](std::uint32_t writers) -> std::uint64_t { return writers; },
      .round = one_round,
      .counts = counts};
  return kRow;
}

}  // namespace scenarios
