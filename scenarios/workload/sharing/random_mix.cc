// Everyone reads and writes records picked by chance; a stated share of a rank's operations are
// writes, exactly. Nobody waits for anybody.
#include "scenarios/workload/sharing/pattern.h"

namespace scenarios {
namespace {

std::uint64_t writes_of(const SharingSpec& spec, const SharingMember& me) {
  if (!me.writer || !me.reader) {
    return me.writer ? spec.rounds : 0;
  }
  return std::uint64_t{spec.rounds} * spec.write_percent / 100;
}

void one_round(SharingRound& round) {
  if (round.shuffled() < writes_of(round.spec(), round.member())) {
    round.write(round.pick());
  } else {
    round.read(round.pick());
  }
  round.leave();
}

SharingCounts counts(const SharingSpec& spec, const SharingMember& me) {
  SharingCounts n;
  n.visits = spec.rounds;
  n.writes = writes_of(spec, me);
  n.reads = spec.rounds - n.writes;
  return n;
}

}  // namespace

const SharingPatternRow& random_mix() {
  static constexpr SharingPatternRow kRow{.pattern = SharingPattern::random_mix,
                                          .name = "random_mix",
                                          .split = SharingSplit::both,
                                          .least_writers = 0,
                                          .least_readers = 0,
                                          .sized = true,
                                          .told = false,
                                          .picks = true,
                                          .mixes = true,
                                          .visits = false,
                                          .events = nullptr,
                                          .round = one_round,
                                          .counts = counts};
  return kRow;
}

}  // namespace scenarios
