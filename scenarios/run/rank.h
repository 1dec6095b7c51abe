// One rank of a workload, carried out by a mounted client.
#pragma once

#include <functional>
#include <map>
#include <memory>

#include "scenarios/run/recorder.h"
#include "scenarios/run/team.h"
#include "scenarios/run/unflushed.h"
#include "scenarios/run/verifier.h"
#include "scenarios/run/witness.h"
#include "stripe/client/mount.h"

namespace scenarios {

// Where a workload's file is below the mount: relative names begin in the root.
std::string path_of(const FileSpec& file);

// What the ranks of one group share. All references outlive the ranks.
struct GroupContext {
  sim::Loop& loop;
  const Workload& workload;
  const std::string& default_layout;  // of files whose plan names none
  bool direct;                        // every file is opened with O_DIRECT
  Recorder& recorder;
  Team& team;
  Verifier* verifier;    // null: nothing is verified
  bool verify_all;       // every read, not only those that ask for it
  Unflushed& unflushed;  // asked only if there is no witness, who tells more
  Witness* witness;      // null: nobody judges what was seen
};

class Rank {
 public:
  Rank(GroupContext& group, stripe::Mount& mount, std::uint32_t number);
  // Does everything the workload's stream for this rank says. Errors go to the recorder, and the
  // rank goes on.
  sim::Task<void> run();

 private:
  sim::Task<void> carry_out(const Op& op);
  sim::Task<stripe::Outcome> perform(const Op& op);
  sim::Task<stripe::Outcome> open(const Op& op);
  sim::Task<stripe::Outcome> transfer(const Op& op);
  sim::Task<stripe::Outcome> write(const Op& op, stripe::File& file);
  sim::Task<stripe::Outcome> truncate(const Op& op, stripe::File& file);
  sim::Task<stripe::Outcome> stat(std::string path);
  sim::Task<stripe::Outcome> on_name(const Op& op);
  sim::Task<stripe::Outcome> stand_in(const Op& op);
  sim::Task<stripe::Outcome> refused(sim::Errc status);
  sim::Task<stripe::Outcome> verified_read(stripe::File& file, sim::Extent range);
  sim::Task<stripe::Outcome> close(std::uint32_t file);
  sim::Task<bool> begin_phase(const Op& op);
  sim::Task<void> end_loop();
  void check_stonewall();
  void note_done(const Op& op, const stripe::Outcome& outcome, sim::TimePoint began);
  void testify(const Op& op, const stripe::Outcome& outcome, sim::TimePoint began);
  void report(const Op& op, const stripe::Outcome& outcome);

  GroupContext& group_;
  stripe::Mount& mount_;
  std::uint32_t number_;
  std::unique_ptr<OpStream> stream_;
  std::map<std::uint32_t, std::unique_ptr<stripe::File>> files_;  // open ones, by index in the plan
  std::map<std::uint32_t, Witness::Handle> handles_;              // theirs, if there is a witness
  std::size_t change_ = 0;  // the write or truncate under way, as the witness counts
  std::uint32_t phase_ = 0;
  sim::TimePoint phase_began_;
  sim::TimePoint loop_began_;
  std::optional<sim::TimePoint> wall_;  // a stonewall ahead, in its loop only
};

}  // namespace scenarios
