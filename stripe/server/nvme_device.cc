#include "stripe/server/nvme_device.h"

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

bool NvmeDevice::start(Io& io) {
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
  if (end <= loop_.now()) {
    return true;
  }
  io.finish_at(end, last);
  return false;
}

}  // namespace stripe
