// What a rank does in one round of a sharing pattern, put together.
#pragma once

#include <vector>

#include "scenarios/spec.h"
#include "scenarios/workload/permutation.h"
#include "scenarios/workload/sharing/member.h"
#include "scenarios/workload/workload.h"
#include "sim/rng.h"

namespace scenarios {

// Where a record is: records are dealt to the set's files in turn.
struct SharingRecord {
  std::uint32_t file = 0;
  std::uint64_t number = 0;  // in its file
};

// Records of all the set's files together.
constexpr std::uint64_t sharing_records(const SharingSpec& spec) {
  return spec.file_size / spec.record * spec.files;
}
// The `i`-th of them; behind the last one comes the first again.
constexpr SharingRecord sharing_record(const SharingSpec& spec, std::uint64_t i) {
  const std::uint64_t at = i % sharing_records(spec);
  return {static_cast<std::uint32_t>(at % spec.files), at / spec.files};
}

// One rank's way through its pattern: the operations of the present round, and its chance.
class SharingRound {
 public:
  // `spec` and `member` outlive it. `chance` is the rank's own. `visits`: files are opened and
  // closed in every round.
  SharingRound(const SharingSpec& spec, const SharingMember& member, const sim::Rng& chance,
               bool visits)
      : spec_(spec),
        member_(member),
        picks_(chance.split("records")),
        pauses_(chance.split("think")),
        order_(spec.rounds, chance.split("order")),
        visits_(visits) {}

  const SharingSpec& spec() const { return spec_; }
  const SharingMember& member() const { return member_; }

  // Begins a round: nothing is in it but the pause.
  void begin(std::uint64_t number);
  std::uint64_t number() const { return number_; }
  // The round's place in a random order of all rounds.
  std::uint64_t shuffled() const { return order_(number_); }

  // A file is opened before its first use in a round, if the pattern or the scenario says so.
  void read(SharingRecord record) { transfer(OpKind::read, record); }
  void write(SharingRecord record) { transfer(OpKind::write, record); }
  void stat(std::uint32_t file);
  // What the round has opened is closed. Signals and meetings do it too, so that who is told finds
  // it closed.
  void leave();
  // Tells everybody that the set's event has happened.
  void signal(std::uint64_t event);
  // Waits for that and, as a reader does, for the scenario's delay.
  void await(std::uint64_t event);
  void await_to_read(std::uint64_t event);
  // All ranks of the set meet.
  void meet();
  // A record as the scenario's locality has it.
  SharingRecord pick();

  const std::vector<Op>& ops() const { return ops_; }

 private:
  Op& add(OpKind kind, std::uint32_t file = 0);
  void transfer(OpKind kind, SharingRecord record);
  void visit(std::uint32_t file);

  const SharingSpec& spec_;
  const SharingMember& member_;
  sim::Rng picks_;
  sim::Rng pauses_;
  Permutation order_;
  std::uint64_t number_ = 0;
  bool visits_;
  std::vector<std::uint32_t> open_;
  std::vector<Op> ops_;
};

// How many of each a rank does in all its rounds.
struct SharingCounts {
  std::uint64_t reads = 0;
  std::uint64_t writes = 0;
  std::uint64_t stats = 0;
  std::uint64_t signals = 0;
  std::uint64_t awaits = 0;
  std::uint64_t delays = 0;  // awaits that the delay follows
  std::uint64_t meetings = 0;
  std::uint64_t visits = 0;  // opens, if every round has its own
};

}  // namespace scenarios
