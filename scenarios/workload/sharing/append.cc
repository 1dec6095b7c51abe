// Many append to a log, each at a place of its own behind the last round's, and tell; readers ask
// how long it is and read the record of one of them.
#include "scenarios/workload/sharing/pattern.h"

namespace scenarios {
namespace {

void one_round(SharingRound& round) {
  const SharingMember& me = round.member();
  const std::uint64_t first = round.number() * me.writers;
  const auto file = static_cast<std::uint32_t>(round.number() % round.spec().files);
  const std::uint64_t end = round.number() / round.spec().files * me.writers;
  if (me.writer) {
    round.write({file, end + *me.writer});
    round.signal(first + *me.writer);
  }
  if (me.reader) {
    // Who appends itself reads what the next one did.
    const std::uint32_t other = (*me.reader + (me.writer ? 1 : 0)) % me.writers;
    round.await_to_read(first + other);
    round.stat(file);
    round.read({file, end + other});
  }
  round.meet();
}

SharingCounts counts(const SharingSpec& spec, const SharingMember& me) {
  SharingCounts n;
  n.meetings = spec.rounds;
  n.writes = n.signals = me.writer ? spec.rounds : 0;
  n.reads = n.stats = n.awaits = n.delays = me.reader ? spec.rounds : 0;
  n.visits = n.writes + n.reads;
  return n;
}

}  // namespace

const SharingPatternRow& append() {
  static constexpr SharingPatternRow kRow{
      .pattern = SharingPattern::append,
      .name = "append",
      .split = SharingSplit::both,
      .least_writers = 1,
      .least_readers = 0,
      .sized = false,
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
