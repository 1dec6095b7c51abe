#include "scenarios/workload/sharing/round.h"

#include <algorithm>

namespace scenarios {

Op& SharingRound::add(OpKind kind, std::uint32_t file) {
  Op& op = ops_.emplace_back();
  op.kind = kind;
  op.file = file;
  return op;
}

void SharingRound::begin(std::uint64_t number) {
  number_ = number;
  ops_.clear();
  if (spec_.think > sim::Duration()) {
    add(OpKind::think).delay = pauses_.exponential(spec_.think);
  }
}

void SharingRound::visit(std::uint32_t file) {
  if (visits_ && std::ranges::find(open_, file) == open_.end()) {
    add(OpKind::open, file);
    open_.push_back(file);
  }
}

void SharingRound::transfer(OpKind kind, SharingRecord record) {
  visit(record.file);
  Op& op = add(kind, record.file);
  op.offset = record.number * spec_.record;
  op.length = spec_.record;
  // A file that grows may not have grown as far for its reader.
  op.lenient = kind == OpKind::read && spec_.pattern == SharingPattern::append;
  if (kind == OpKind::write && spec_.fsync) {
    add(OpKind::fsync, record.file);
  }
}

void SharingRound::stat(std::uint32_t file) { add(OpKind::stat, file); }

void SharingRound::leave() {
  for (const std::uint32_t file : open_) {
    add(OpKind::close, file);
  }
  open_.clear();
}

void SharingRound::signal(std::uint64_t event) {
  leave();
  add(OpKind::signal).target = static_cast<std::uint32_t>(event);
}

void SharingRound::await(std::uint64_t event) {
  add(OpKind::await).target = static_cast<std::uint32_t>(event);
}

void SharingRound::await_to_read(std::uint64_t event) {
  await(event);
  if (spec_.delay > sim::Duration()) {
    add(OpKind::think).delay = spec_.delay;
  }
}

void SharingRound::meet() {
  leave();
  add(OpKind::barrier).parties = member_.ranks;
}

SharingRecord SharingRound::pick() {
  const std::uint64_t all = sharing_records(spec_);
  const std::uint64_t hot = std::max<std::uint64_t>(all / 10, 1);
  const bool near = spec_.locality_percent > 0 && picks_.chance(spec_.locality_percent, 100);
  return sharing_record(spec_, picks_.below(near ? hot : all));
}

}  // namespace scenarios
