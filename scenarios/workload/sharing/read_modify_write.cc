// Every writer reads a record and writes it again; who only reads reads. Nobody waits for anybody.
#include "scenarios/workload/sharing/pattern.h"

namespace scenarios {
namespace {

void one_round(SharingRound& round) {
  const SharingRecord record = round.pick();
  round.read(record);
  if (round.member().writer) {
    round.write(record);
  }
  round.leave();
}

SharingCounts counts(const SharingSpec& spec, const SharingMember& me) {
  SharingCounts n;
  n.reads = n.visits = spec.rounds;
  n.writes = me.writer ? spec.rounds : 0;
  return n;
}

}  // namespace

const SharingPatternRow& read_modify_write() {
  static constexpr SharingPatternRow kRow{.pattern = SharingPattern::read_modify_write,
                                          .name = "read_modify_write",
                                          .split = SharingSplit::both,
                                          .least_writers = 1,
                                          .least_readers = 0,
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
