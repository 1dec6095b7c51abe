#include "stripe/server/hdd_array.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace stripe {

using sim::Bytes;
using sim::Extent;

HddArray::HddArray(sim::Loop& loop, std::string name, const HddArrayParams& params)
    : Device(loop, std::move(name)),
      params_(params),
      port_(loop, this->name() + ".cache"),
      dirty_(params.raid.row(), std::max(params.destage_run, params.raid.row())) {
  for (std::uint32_t i = 0; i < params.raid.disks(); ++i) {
    disks_.push_back(std::make_unique<Disk>(loop, params.disk, params.queue));
  }
  age_timer_.fire = &HddArray::aged;
  age_timer_.array = this;
}

HddArray::~HddArray() {
  if (age_armed_) {
    loop_.cancel(age_due_, age_timer_);
  }
  disks_.clear();  // takes back their timers, so that no job is told any more
  while (!jobs_.empty()) {
    Job& job = jobs_.front();
    if (job.scheduled) {
      loop_.cancel(job.due, job);
    }
    delete &job;
  }
}

std::vector<DeviceUse> HddArray::use() const {
  std::vector<DeviceUse> parts;
  for (std::size_t i = 0; i < disks_.size(); ++i) {
    parts.push_back(
        {fmt::format("{}.disk{}", name(), i), 1, disks_[i]->busy(), disks_[i]->waited()});
  }
  if (params_.cache > 0) {
    parts.push_back({port_.name(), 1, port_.busy(), port_.waited()});
  }
  return parts;
}

HddArray::Job& HddArray::add_job(JobKind kind, Io* io, std::span<const Extent> parts) {
  auto* job = new Job;
  job->done = &HddArray::piece_done;
  job->fire = &HddArray::transferred;
  job->array = this;
  job->io = io;
  job->kind = kind;
  job->parts.assign(parts.begin(), parts.end());
  for (const Extent& part : parts) {
    job->length += part.size();
  }
  job->arrived = loop_.now();
  jobs_.push_back(*job);
  return *job;
}

bool HddArray::start(Io& io) {
  const bool has_cache = params_.cache > 0;
  if (io.kind() == DeviceOp::flush) {
    if (!has_cache || params_.cache_is_stable || used_ == 0) {
      return true;
    }
    flushes_.push_back(&add_job(JobKind::flush, &io, {}));
    dirty_.age();
    destage();
    return false;
  }
  if (io.parts().empty()) {
    return true;
  }
  Job& job = add_job(JobKind::direct, &io, io.parts());
  if (io.kind() == DeviceOp::read) {
    start_read(job);
  } else {
    start_write(job);
  }
  return false;
}

void HddArray::forget(Io& io) {
  jobs_.for_each([&](Job& job) { job.io = job.io == &io ? nullptr : job.io; });
}

void HddArray::start_read(Job& job) {
  if (std::ranges::all_of(job.parts, [&](const Extent& part) { return dirty_.covers(part); })) {
    transfer(job);
    return;
  }
  RaidPieces pieces;
  for (const Extent& part : job.parts) {
    plan_read(params_.raid, part, pieces);
  }
  submit(job, pieces);
}

void HddArray::start_write(Job& job) {
  if (job.length <= params_.cache) {
    job.kind = JobKind::cached;
    writers_.push_back(&job);
    admit();
    destage();  // whoever waits now wants space
    return;
  }
  RaidPieces pieces;
  for (const Extent& part : job.parts) {
    used_ -= dirty_.remove(part);  // older than what goes past it
    plan_write(params_.raid, part, pieces);
  }
  submit(job, pieces);
  admit();
  end_flushes();
}

void HddArray::submit(Job& job, const RaidPieces& pieces) {
  job.left = pieces.size();
  for (const RaidPiece& p : pieces) {
    disks_[p.disk]->submit(p.piece, job);
  }
}

void HddArray::transfer(Job& job) {
  const sim::Station::Visit visit = port_.reserve(params_.cache_rate.time_for(job.length));
  job.service = visit.service;
  job.due = visit.end;
  job.scheduled = true;
  loop_.at(job.due, job);
}

void HddArray::finish(Job& job) {
  if (job.io != nullptr) {
    const sim::Duration elapsed = loop_.now() - job.arrived;
    job.io->finish_at(loop_.now(), {elapsed - job.service, job.service});
  }
  delete &job;
}

void HddArray::piece_done(DiskClient& client, sim::Duration service) {
  auto& job = static_cast<Job&>(client);
  if (--job.left > 0) {
    return;
  }
  HddArray& array = *job.array;
  job.service = service;  // of the last piece
  if (job.kind == JobKind::destage) {
    array.used_ -= job.length;
    --array.destaging_;
    array.finish(job);
    array.admit();
    array.destage();
    array.end_flushes();
  } else {
    array.finish(job);
  }
}

void HddArray::transferred(sim::Callback& callback) {
  auto& job = static_cast<Job&>(callback);
  HddArray& array = *job.array;
  job.scheduled = false;
  if (job.kind == JobKind::cached) {
    Bytes added = 0;
    for (const Extent& part : job.parts) {
      added += array.dirty_.add(part);
    }
    array.used_ -= job.length - added;
    array.arm_age();
  }
  array.finish(job);
  if (!array.flushes_.empty()) {
    array.dirty_.age();
  }
  array.admit();
  array.destage();
  array.end_flushes();
}

void HddArray::admit() {
  while (!writers_.empty() && flushes_.empty() &&
         used_ + writers_.front()->length <= params_.cache) {
    Job& job = *writers_.front();
    writers_.pop_front();
    used_ += job.length;
    transfer(job);
  }
}

void HddArray::destage() {
  while (destaging_ < params_.destage_runs) {
    const bool wanted = !writers_.empty() || used_ > params_.cache / 2;
    const Extent run = dirty_.take(wanted);
    if (run.empty()) {
      return;
    }
    ++destaging_;
    RaidPieces pieces;
    plan_write(params_.raid, run, pieces);
    submit(add_job(JobKind::destage, nullptr, std::span(&run, 1)), pieces);
  }
}

void HddArray::arm_age() {
  if (!age_armed_) {
    age_armed_ = true;
    age_due_ = loop_.now() + params_.destage_after;
    loop_.at(age_due_, age_timer_);
  }
}

void HddArray::aged(sim::Callback& timer) {
  HddArray& array = *static_cast<AgeTimer&>(timer).array;
  array.age_armed_ = false;
  array.dirty_.age();
  array.destage();
}

void HddArray::end_flushes() {
  if (used_ > 0 || flushes_.empty()) {
    return;
  }
  for (Job* job : flushes_) {
    finish(*job);
  }
  flushes_.clear();
  admit();
}

}  // namespace stripe
