#include "stripe/server/nvme_device.h"

#include <algorithm>
#include <utility>

namespace stripe {

NvmeDevice::NvmeDevice(sim::Loop& loop, std::string name, const NvmeParams& params)
    : Device(loop, std::move(name)),
      params_(params),
      pipe_(loop, this->name() + ".pipe"),
      channels_(loop, this->name() + ".channels", params.channels) {}

std::vector<DeviceUse> NvmeDevice::use() const {
  std::vector<DeviceUse> parts;
  for (const sim::Station* station : {&pipe_, &channels_}) {
    parts.push_back({station->name(), station->servers(), station->busy(), station->waited()});
  }
  return parts;
}

bool NvmeDevice::start_flush(Io& io) {
  if (!dirty_ || params_.flush_latency == sim::Duration()) {
    return true;
  }
  dirty_ = false;
  const sim::Duration until_written = std::max(written_ - loop_.now(), sim::Duration());
  // The channels see arrivals in order: the wait is on top of what the channel takes.
  const auto work = channels_.reserve(params_.flush_latency);
  const sim::TimePoint end = std::max(work.end, loop_.now() + until_written + work.service);
  io.finish_at(end, {end - loop_.now() - work.service, work.service});
  return false;
}

bool NvmeDevice::start(Io& io) {
  if (io.kind() == DeviceOp::flush) {
    return start_flush(io);
  }
  const bool read = io.kind() == DeviceOp::read;
  const sim::Rate rate = read ? params_.read_rate : params_.write_rate;
  const sim::Duration latency = read ? params_.read_latency : params_.write_latency;
  sim::TimePoint end = loop_.now();
  DeviceVisit last;
  for (const sim::Extent& part : io.parts()) {
    // The pipe lets requests out in order, so the channels see arrivals in order.
    const auto crossing = pipe_.reserve(rate.time_for(part.size()));
    const auto work = channels_.reserve_from(crossing.end, latency);
    if (work.end >= end) {
      end = work.end;
      last = {crossing.wait + work.wait, crossing.service + work.service};
    }
  }
  if (!read && !io.parts().empty()) {
    written_ = std::max(written_, end);
    dirty_ = true;
  }
  if (end <= loop_.now()) {
    return true;
  }
  io.finish_at(end, last);
  return false;
}

}  // namespace stripe
