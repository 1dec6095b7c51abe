// One writer changes records, all others read them; nobody waits for anybody.
#include "scenarios/workload/sharing/pattern.h"

namespace scenarios {
namespace {

void one_round(SharingRound& round) {
  if (round.member().writer) {
    round.write(round.pick());
  } else {
    round.read(round.pick());
  }
  round.leave();
}

SharingCounts counts(const SharingSpec& spec, const SharingMember& me) {
  SharingCounts n;
  n.visits = spec.rounds;
  (me.writer ? n.writes : n.reads) = spec.rounds;
  return n;
}

}  // namespace

const SharingPatternRow& read_mostly() {
  static constexpr SharingPatternRow kRow{.pattern = SharingPattern::read_mostly,
                                          .name = "read_mostly",
                                          .split = SharingSplit::first,
                                          .least_writers = 1,
                                          .least_readers = 1,
                                          .sized = true,
                                          .told = false,
                                          .picks = true,
                                          .mixes = false,
                                          .visits = false,
                                          .events = nullptr,
                                          .round = one_round,
                                          .counts = counts};
  return kRow;
}

}  // namespace scenarios
