#include "scenarios/run/rank.h"

#include <fmt/core.h>

#include <algorithm>

namespace scenarios {

std::string path_of(const FileSpec& file) {
  return file.name.starts_with('/') ? file.name : "/" + file.name;
}

Rank::Rank(GroupContext& group, stripe::Mount& mount, std::uint32_t number)
    : group_(group), mount_(mount), number_(number), stream_(group.workload.stream(number)) {}

sim::Task<void> Rank::run() {
  Op op;
  bool in_phase = false;
  while (stream_->next(op)) {
    if (op.kind == OpKind::phase) {
      if (in_phase) {
        group_.team.leave(phase_);
      }
      in_phase = co_await begin_phase(op);
    } else {
      co_await carry_out(op);
    }
  }
  if (in_phase) {
    group_.team.leave(phase_);
  }
}

// False if the phase is skipped because the test has run for too long.
sim::Task<bool> Rank::begin_phase(const Op& op) {
  const Phase& phase = group_.workload.plan().phases[op.phase];
  if (number_ >= phase.ranks) {
    co_return false;  // a test of a script with fewer tasks than there are
  }
  if (phase.latest_start) {
    const sim::Duration running = group_.loop.now() - group_.team.test_began(op.phase);
    const bool late =
        co_await group_.team.meets().largest(phase.ranks, running > *phase.latest_start) != 0;
    if (late) {
      stream_->skip_phase();
      co_return false;
    }
  }
  phase_ = op.phase;
  phase_began_ = group_.loop.now();
  group_.team.enter(phase_);
  co_return true;
}

sim::Task<void> Rank::carry_out(const Op& op) {
  switch (op.kind) {
    case OpKind::io_begin: {
      loop_began_ = group_.loop.now();
      const Phase& phase = group_.workload.plan().phases[phase_];
      if (phase.stonewall) {
        wall_ = loop_began_ + phase.stonewall->deadline;
      }
      if (phase.limited_by) {
        stream_->set_limit(group_.team.reached(*phase.limited_by, number_));
      }
      co_return;
    }
    case OpKind::io_end:
      co_await end_loop();
      co_return;
    case OpKind::barrier:
      co_await group_.team.meets().barrier(op.parties);
      co_return;
    case OpKind::signal:
      group_.team.meets().signal(op.target);
      co_return;
    case OpKind::await:
      co_await group_.team.meets().await(op.target);
      co_return;
    case OpKind::think:
      co_await sim::sleep_for(group_.loop, op.delay);
      co_return;
    default:
      break;
  }
  if (op.not_before) {
    co_await sim::sleep_until(group_.loop, phase_began_ + *op.not_before);
  }
  if (!op.prepares) {
    group_.team.start_clock(phase_);
  }
  const sim::TimePoint begin = group_.loop.now();
  stripe::Outcome outcome = co_await perform(op);
  if (op.prepares) {
    group_.recorder.prepared();
  } else {
    group_.recorder.record(phase_, number_, op.kind, begin, group_.loop.now(), outcome);
  }
  note_done(op, outcome, begin);
  report(op, outcome);
  check_stonewall();
}

void Rank::check_stonewall() {
  if (wall_ && group_.loop.now() >= *wall_) {
    stream_->set_limit(stream_->transfers_done());
  }
}

// Tells those who follow the data what the application may now rely on.
void Rank::note_done(const Op& op, const stripe::Outcome& outcome, sim::TimePoint began) {
  const auto found = files_.find(op.file);
  if (found == files_.end() || op.stand_in) {
    return;
  }
  if (group_.witness != nullptr) {
    testify(op, outcome, began);
  }
  const std::uint64_t file = found->second->fid().content_id();
  if (op.kind == OpKind::write && outcome.bytes > 0) {
    if (group_.witness == nullptr) {
      group_.unflushed.wrote(file, {op.offset, op.offset + outcome.bytes}, mount_);
    }
    if (group_.verifier != nullptr) {
      group_.verifier->acknowledged(file, {op.offset, op.offset + outcome.bytes});
    }
  } else if (op.kind == OpKind::fsync && outcome.ok()) {
    group_.unflushed.synced(file, mount_);
  } else if (op.kind == OpKind::truncate && group_.verifier != nullptr) {
    group_.verifier->truncated(file, op.length);
  }
}

void Rank::testify(const Op& op, const stripe::Outcome& outcome, sim::TimePoint began) {
  const Witness::Handle& handle = handles_[op.file];
  const sim::Extent range{op.offset, op.offset + op.length};
  if (op.kind == OpKind::read) {
    group_.witness->read(handle, range, outcome, began);
  } else if (op.kind == OpKind::write || op.kind == OpKind::truncate) {
    group_.witness->returned(change_, range, outcome);
  } else if (op.kind == OpKind::fsync && outcome.ok()) {
    group_.witness->synced(handle, began);
  }
}

// After a stonewall all ranks wear out to the largest count; under a minimum time a rank repeats.
sim::Task<void> Rank::end_loop() {
  wall_.reset();  // what follows is to go on past it
  const Phase& phase = group_.workload.plan().phases[phase_];
  const std::uint64_t done = stream_->transfers_done();
  if (phase.stonewall && phase.stonewall->wear_out && group_.team.reached(phase_, number_) == 0) {
    const std::uint64_t most = co_await group_.team.meets().largest(phase.ranks, done);
    group_.team.reached(phase_, number_, most);
    if (most > done) {
      stream_->set_limit(most);
    }
    co_return;
  }
  group_.team.reached(phase_, number_, done);
  if (group_.loop.now() - loop_began_ < phase.minimum_time) {
    stream_->set_limit(done + 1);
  }
}

void Rank::report(const Op& op, const stripe::Outcome& outcome) {
  const bool harmless =
      op.lenient && (outcome.status == sim::Errc::not_found || outcome.status == sim::Errc::exists);
  const FileSpec& file = group_.workload.plan().files[op.file];
  const double at = (group_.loop.now() - sim::TimePoint()).seconds();
  if (!outcome.ok() && !harmless) {
    group_.recorder.error(fmt::format("rank {}: {} of {} at offset {} failed at {:.6f} s: {}",
                                      number_, op_kind_name(op.kind), file.name, op.offset, at,
                                      sim::errc_name(outcome.status)));
  } else if (op.kind == OpKind::read && outcome.bytes < op.length && !op.lenient) {
    group_.recorder.error(
        fmt::format("rank {}: read of {} at offset {} gave {} of {} bytes at {:.6f} s", number_,
                    file.name, op.offset, outcome.bytes, op.length, at));
  }
}

}  // namespace scenarios
