// Producers write new records and tell consumers, each of whom follows one producer. All meet after
// each round, so that a record is read as long after its write as the delay says.
#include "scenarios/workload/sharing/pattern.h"

namespace scenarios {
namespace {

void one_round(SharingRound& round) {
  const SharingMember& me = round.member();
  const std::uint64_t first = round.number() * me.writers;
  if (me.writer) {
    round.write(sharing_record(round.spec(), first + *me.writer));
    round.signal(first + *me.writer);
  }
  if (me.reader) {
    const std::uint64_t followed = first + *me.reader % me.writers;
    round.await_to_read(followed);
    round.read(sharing_record(round.spec(), followed));
  }
  round.meet();
}

SharingCounts counts(const SharingSpec& spec, const SharingMember& me) {
  SharingCounts n;
  n.meetings = n.visits = spec.rounds;
  (me.writer ? n.writes : n.reads) = spec.rounds;
  n.signals = n.writes;
  n.awaits = n.delays = n.reads;
  return n;
}

}  // namespace

const SharingPatternRow& producer_consumer() {
  static constexpr SharingPatternRow kRow{
      .pattern = SharingPattern::producer_consumer,
      .name = "producer_consumer",
      .split = SharingSplit::alternate,
      .least_writers = 1,
      .least_readers = 1,
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
