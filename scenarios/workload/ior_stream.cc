#include "scenarios/workload/ior_stream.h"

namespace scenarios {

IorAccess ior_access(IorPhaseKind kind) {
  switch (kind) {
    case IorPhaseKind::write:
    case IorPhaseKind::remove:
      return IorAccess::write;
    case IorPhaseKind::write_check:
      return IorAccess::write_check;
    case IorPhaseKind::read:
      return IorAccess::read;
  }
  return IorAccess::write;
}

std::vector<IorPhaseKind> ior_phases(const IorOptions& options) {
  std::vector<IorPhaseKind> kinds;
  if (options.write) {
    kinds.push_back(IorPhaseKind::write);
  }
  if (options.check_write) {
    kinds.push_back(IorPhaseKind::write_check);
  }
  if (options.read || options.check_read) {
    kinds.push_back(IorPhaseKind::read);
  }
  if (!options.keep) {
    kinds.push_back(IorPhaseKind::remove);
  }
  return kinds;
}

IorStream::IorStream(const IorLayout& layout, std::uint32_t rank) : layout_(layout), rank_(rank) {
  if (!layout_.phases.empty()) {
    begin_phase();
  }
}

bool IorStream::next(Op& op) {
  while (phase_ < layout_.phases.size()) {
    if (stage_ == Stage::head && at_ < head_.size()) {
      op = head_[at_++];
      return true;
    }
    if (stage_ == Stage::head) {
      stage_ = loop_length_ == 0 ? Stage::tail : Stage::loop;
      at_ = 0;
    }
    if (stage_ == Stage::loop) {
      return next_in_loop(op);
    }
    if (stage_ == Stage::ended) {
      stage_ = done_ < limit_ ? Stage::loop : Stage::tail;
      continue;
    }
    if (at_ < tail_.size()) {
      op = tail_[at_++];
      return true;
    }
    skip_phase();
  }
  return false;
}

void IorStream::set_limit(std::uint64_t transfers) {
  if (loop_length_ != 0) {
    limit_ = transfers;
  }
}

void IorStream::skip_phase() {
  ++phase_;
  if (phase_ < layout_.phases.size()) {
    begin_phase();
  }
}

bool IorStream::next_in_loop(Op& op) {
  if (!after_transfer_.empty()) {
    op = after_transfer_.back();
    after_transfer_.pop_back();
  } else if (done_ < limit_) {
    op = transfer();
  } else {
    stage_ = Stage::ended;
    op = make(OpKind::io_end);
  }
  return true;
}

Op IorStream::transfer() {
  const IorOptions& o = test().options;
  const IorPhaseKind kind = layout_.phases[phase_].kind;
  const bool writing = kind == IorPhaseKind::write;
  Op op = make(writing ? OpKind::write : OpKind::read, file_);
  op.offset = transfers_->offset(done_ % loop_length_);
  op.length = o.transfer_size;
  op.verify = kind == IorPhaseKind::write_check || (!writing && o.check_read);
  ++done_;
  // Checks are not slowed down: IOR delays only plain writes and reads.
  if (o.inter_io_delay != 0 && !op.verify) {
    Op pause = make(OpKind::think);
    pause.delay = sim::microseconds(static_cast<std::int64_t>(o.inter_io_delay));
    after_transfer_.push_back(pause);
  }
  if (writing && o.fsync_per_write) {
    after_transfer_.push_back(make(OpKind::fsync, file_));
  }
  return op;
}

void IorStream::begin_phase() {
  const IorPhase& phase = layout_.phases[phase_];
  head_.clear();
  tail_.clear();
  after_transfer_.clear();
  at_ = 0;
  stage_ = Stage::head;
  loop_length_ = 0;
  limit_ = 0;
  done_ = 0;
  head_.push_back(make(OpKind::phase));
  if (rank_ < test().ranks) {
    if (phase.kind == IorPhaseKind::remove) {
      build_removal(phase);
    } else {
      build_head(phase);
      build_tail(phase);
    }
  }
  if (phase.ends_test) {
    tail_.push_back(barrier(layout_.tasks));
  }
}

void IorStream::build_head(const IorPhase& phase) {
  const IorTest& test = this->test();
  const IorOptions& o = test.options;
  const IorAccess access = ior_access(phase.kind);
  const std::uint32_t owner = test.owner(access, rank_, phase.repetition);
  const bool writing = access == IorAccess::write;
  const bool checking = access == IorAccess::write_check;
  file_ = test.file(owner, phase.repetition);
  if (writing && o.unique_dir && o.file_per_process) {
    head_.push_back(make(OpKind::mkdir, test.directories[owner]));
    head_.back().lenient = true;
    head_.back().prepares = true;
  }
  if (o.inter_test_delay != 0 && !checking) {
    head_.push_back(make(OpKind::think));
    head_.back().delay = sim::seconds(static_cast<std::int64_t>(o.inter_test_delay));
  }
  if (writing && !o.use_existing && (o.file_per_process || rank_ == 0)) {
    head_.push_back(make(OpKind::unlink, file_));
    head_.back().lenient = true;
    head_.back().prepares = true;
  }
  head_.push_back(barrier(test.ranks));
  head_.push_back(make(writing ? OpKind::create : OpKind::open, file_));
  head_.back().direct = o.direct;
  if (o.intra_test_barriers && !checking) {
    head_.push_back(barrier(test.ranks));
  }
  head_.push_back(make(OpKind::io_begin));
  transfers_.emplace(test, owner, access);
  loop_length_ = test.transfers_per_rank();
  limit_ = loop_length_;
}

void IorStream::build_tail(const IorPhase& phase) {
  const IorTest& test = this->test();
  const IorOptions& o = test.options;
  const bool writing = phase.kind == IorPhaseKind::write;
  if (writing && o.fsync) {
    tail_.push_back(make(OpKind::fsync, file_));
  }
  if (o.intra_test_barriers && phase.kind != IorPhaseKind::write_check) {
    tail_.push_back(barrier(test.ranks));
  }
  tail_.push_back(make(OpKind::close, file_));
  if (writing) {
    tail_.push_back(barrier(test.ranks));
  }
  if (phase.closing_barrier) {
    tail_.push_back(barrier(test.ranks));
  }
}

// A task removes the file it touched last, but with -Z its own; a shared file is task 0's to
// remove.
void IorStream::build_removal(const IorPhase& phase) {
  const IorTest& test = this->test();
  const IorOptions& o = test.options;
  head_.push_back(barrier(test.ranks));
  if (o.file_per_process || rank_ == 0) {
    const std::vector<IorPhaseKind> kinds = ior_phases(o);
    const IorPhaseKind last = kinds.size() < 2 ? IorPhaseKind::write : kinds[kinds.size() - 2];
    const std::uint32_t owner =
        o.reorder_random != 0 ? rank_ : test.owner(ior_access(last), rank_, phase.repetition);
    head_.push_back(make(OpKind::unlink, test.file(owner, phase.repetition)));
    head_.back().lenient = true;
  }
  head_.push_back(barrier(test.ranks));
}

Op IorStream::make(OpKind kind, std::uint32_t file) const {
  Op op;
  op.kind = kind;
  op.phase = phase_;
  op.file = file;
  op.stand_in = stand_in(kind);
  return op;
}

Op IorStream::barrier(std::uint32_t parties) const {
  Op op = make(OpKind::barrier);
  op.parties = parties;
  return op;
}

std::optional<sim::Duration> IorStream::stand_in(OpKind kind) const {
  const IorOptions& o = test().options;
  if (o.api != IorApi::dummy) {
    return std::nullopt;
  }
  const bool delayed = !o.dummy.only_rank0 || rank_ == 0;
  switch (kind) {
    case OpKind::create:
      return delayed ? o.dummy.create : sim::Duration();
    case OpKind::close:
      return delayed ? o.dummy.close : sim::Duration();
    case OpKind::read:
    case OpKind::write:
      return delayed ? o.dummy.transfer : sim::Duration();
    case OpKind::open:
    case OpKind::fsync:
    case OpKind::unlink:
    case OpKind::mkdir:
      return sim::Duration();
    default:
      return std::nullopt;
  }
}

}  // namespace scenarios
