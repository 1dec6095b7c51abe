// What a rank asks of its mounted client.
#include <utility>

#include "scenarios/run/rank.h"

namespace scenarios {
namespace {

stripe::Outcome failed(sim::Errc status) {
  stripe::Outcome outcome;
  outcome.status = status;
  return outcome;
}

}  // namespace

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
  const sim::TimePoint began = group_.loop.now();
  stripe::Opened opened = co_await mount_.open(path_of(file), flags, layout);
  if (opened.file && group_.witness != nullptr) {
    const bool cached = !flags.direct && mount_.context().design.page_cache;
    handles_[op.file] =
        group_.witness->opened(*opened.file, path_of(file), mount_.client(), cached, began);
  }
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
    case OpKind::write:
      return write(op, file);
    case OpKind::read:
      if (group_.witness == nullptr) {
        group_.unflushed.reads(file.fid().content_id(), range, mount_);
      }
      return group_.verifier != nullptr && (group_.verify_all || op.verify)
                 ? verified_read(file, range)
                 : file.read(range);
    case OpKind::fsync:
      return file.fsync();
    case OpKind::truncate:
      return truncate(op, file);
    default:
      return close(op.file);
  }
}

sim::Task<stripe::Outcome> Rank::write(const Op& op, stripe::File& file) {
  const sim::Extent range{op.offset, op.offset + op.length};
  sim::Task<stripe::Outcome> writing = file.write(range);
  if (group_.verifier != nullptr) {
    group_.verifier->issued(file.fid().content_id(), range, file.last_stamp());
  }
  if (group_.witness != nullptr) {
    change_ = group_.witness->changes(handles_[op.file], range, file.last_stamp(), false);
  }
  return writing;
}

sim::Task<stripe::Outcome> Rank::truncate(const Op& op, stripe::File& file) {
  if (group_.witness != nullptr) {
    change_ = group_.witness->changes(handles_[op.file], {op.length, sim::kEof},
                                      mount_.next_stamp(), true);
  }
  return file.truncate(op.length);
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
  const sim::TimePoint began = group_.loop.now();
  stripe::Outcome outcome = co_await found->second->close();
  files_.erase(found);
  if (group_.witness != nullptr && outcome.ok()) {
    group_.witness->closed(handles_[file], began);
  }
  co_return outcome;
}

sim::Task<stripe::Outcome> Rank::on_name(const Op& op) {
  const auto& files = group_.workload.plan().files;
  const std::string path = path_of(files[op.file]);
  switch (op.kind) {
    case OpKind::stat:
      co_return co_await stat(path);
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

sim::Task<stripe::Outcome> Rank::stat(std::string path) {
  const sim::TimePoint began = group_.loop.now();
  stripe::Found found = co_await mount_.stat(std::move(path));
  if (group_.witness != nullptr && found.outcome.ok() &&
      found.attr.type == stripe::FileType::file) {
    group_.witness->found(found.attr, mount_.client(), began);
  }
  co_return std::move(found.outcome);
}

}  // namespace scenarios
