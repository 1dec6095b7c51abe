#include "scenarios/run/rank.h"

#include <fmt/format.h>

#include <algorithm>

namespace scenarios {
namespace {

stripe::Outcome failed(sim::Errc status) {
  stripe::Outcome outcome;
  outcome.status = status;
  return outcome;
}

}  // namespace

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
    const bool late = co_await group_.team.largest(phase.ranks, running > *phase.latest_start) != 0;
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
      co_await group_.team.barrier(op.parties);
      co_return;
    case OpKind::signal:
      group_.team.signal(op.target);
      co_return;
    case OpKind::await:
      co_await group_.team.await(op.target);
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
  note_done(op, outcome);
  report(op, outcome);
  check_stonewall();
}

void Rank::check_stonewall() {
  if (wall_ && group_.loop.now() >= *wall_) {
    stream_->set_limit(stream_->transfers_done());
  }
}

// Tells those who follow the data what the application may now rely on.
void Rank::note_done(const Op& op, const stripe::Outcome& outcome) {
  const auto found = files_.find(op.file);
  if (found == files_.end() || op.stand_in) {
    return;
  }
  const std::uint64_t file = found->second->fid().content_id();
  if (op.kind == OpKind::write && outcome.bytes > 0) {
    group_.unflushed.wrote(file, {op.offset, op.offset + outcome.bytes}, mount_);
    if (group_.verifier != nullptr) {
      group_.verifier->acknowledged(file, {op.offset, op.offset + outcome.bytes});
    }
  } else if (op.kind == OpKind::fsync && outcome.ok()) {
    group_.unflushed.synced(file, mount_);
  } else if (op.kind == OpKind::truncate && group_.verifier != nullptr) {
    group_.verifier->truncated(file, op.length);
  }
}

// After a stonewall all ranks wear out to the largest count; under a minimum time a rank repeats.
sim::Task<void> Rank::end_loop() {
  wall_.reset();  // what follows is to go on past it
  const Phase& phase = group_.workload.plan().phases[phase_];
  const std::uint64_t done = stream_->transfers_done();
  if (phase.stonewall && phase.stonewall->wear_out && group_.team.reached(phase_, number_) == 0) {
    const std::uint64_t most = co_await group_.team.largest(phase.ranks, done);
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

// Neither this nor transfer() is a coroutine: each layer of them costs a frame for every request.
sim::Task<stripe::Outcome> Rank::perform(const Op& op) {
  if (op.stand_in) {
    return stand_in(op);
  }
  switch (op.kind) {
    case OpKind::open:
    case OpKind::create:
      return open(op);
    case OpKind::read:
    case OpKind::write:
    case OpKind::fsync:
    case OpKind::truncate:
    case OpKind::close:
      return transfer(op);
    default:
      return on_name(op);
  }
}

sim::Task<stripe::Outcome> Rank::stand_in(const Op& op) {
  stripe::Outcome outcome;
  outcome.timeline = sim::Timeline(group_.loop.now(), sim::Stage::device);
  co_await sim::sleep_for(group_.loop, *op.stand_in);
  outcome.timeline.finish(group_.loop.now());
  outcome.bytes = op.length;
  co_return outcome;
}

sim::Task<stripe::Outcome> Rank::open(const Op& op) {
  const FileSpec& file = group_.workload.plan().files[op.file];
  stripe::OpenFlags flags;
  flags.create = op.kind == OpKind::create;
  flags.write = true;
  flags.direct = op.direct || group_.direct;
  const std::string& layout = file.layout.empty() ? group_.default_layout : file.layout;
  stripe::Opened opened = co_await mount_.open(path_of(file), flags, layout);
  if (opened.file) {
    files_[op.file] = std::move(opened.file);
  }
  co_return std::move(opened.outcome);
}

sim::Task<stripe::Outcome> Rank::transfer(const Op& op) {
  const auto found = files_.find(op.file);
  if (found == files_.end()) {
    return refused(sim::Errc::bad_handle);
  }
  stripe::File& file = *found->second;
  const sim::Extent range{op.offset, op.offset + op.length};
  switch (op.kind) {
    case OpKind::write: {
      sim::Task<stripe::Outcome> writing = file.write(range);
      if (group_.verifier != nullptr) {
        group_.verifier->issued(file.fid().content_id(), range, file.last_stamp());
      }
      return writing;
    }
    case OpKind::read:
      group_.unflushed.reads(file.fid().content_id(), range, mount_);
      return group_.verifier != nullptr && (group_.verify_all || op.verify)
                 ? verified_read(file, range)
                 : file.read(range);
    case OpKind::fsync:
      return file.fsync();
    case OpKind::truncate:
      return file.truncate(op.length);
    default:
      return close(op.file);
  }
}

sim::Task<stripe::Outcome> Rank::refused(sim::Errc status) { co_return failed(status); }

sim::Task<stripe::Outcome> Rank::verified_read(stripe::File& file, sim::Extent range) {
  const std::uint64_t began = group_.verifier->moment();
  stripe::Outcome outcome = co_await file.read(range);
  group_.recorder.verified(
      phase_, group_.verifier->check(file.fid().content_id(), range.begin, outcome.data, began));
  if (outcome.ok()) {
    group_.recorder.verified(
        phase_, group_.verifier->check_absent(file.fid().content_id(),
                                              {range.begin + outcome.bytes, range.end}, began));
  }
  co_return outcome;
}

sim::Task<stripe::Outcome> Rank::close(std::uint32_t file) {
  const auto found = files_.find(file);
  stripe::Outcome outcome = co_await found->second->close();
  files_.erase(found);
  co_return outcome;
}

sim::Task<stripe::Outcome> Rank::on_name(const Op& op) {
  const auto& files = group_.workload.plan().files;
  const std::string path = path_of(files[op.file]);
  switch (op.kind) {
    case OpKind::stat: {
      stripe::Found found = co_await mount_.stat(path);
      co_return std::move(found.outcome);
    }
    case OpKind::unlink:
      co_return co_await mount_.unlink(path);
    case OpKind::mkdir:
      co_return co_await mount_.mkdir(path);
    case OpKind::rename:
      co_return co_await mount_.rename(path, path_of(files[op.target]));
    case OpKind::readdir: {
      stripe::Listed listed = co_await mount_.readdir(path);
      co_return std::move(listed.outcome);
    }
    default:
      co_return failed(sim::Errc::not_supported);
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
  } else if (op.kind == OpKind::read && outcome.bytes < op.length) {
    group_.recorder.error(
        fmt::format("rank {}: read of {} at offset {} gave {} of {} bytes at {:.6f} s", number_,
                    file.name, op.offset, outcome.bytes, op.length, at));
  }
}

}  // namespace scenarios
