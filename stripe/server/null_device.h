// A device that takes no time.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "stripe/server/device.h"

namespace stripe {

struct NullDeviceParams {
  // Only bounds what may be stored. The default is the largest ldiskfs OST (Lustre manual: 1 PiB).
  sim::Bytes capacity = 1024 * sim::kTiB;
};

// Every visit is over at once, without suspending.
class NullDevice : public Device {
 public:
  NullDevice(sim::Loop& loop, std::string name, const NullDeviceParams& params)
      : Device(loop, std::move(name)), capacity_(params.capacity) {}

  bool takes_time() const override { return false; }
  sim::Bytes capacity() const override { return capacity_; }
  std::vector<DeviceUse> use() const override { return {}; }

 private:
  bool start(Io& /*io*/) override { return true; }
  sim::Bytes capacity_;
};

}  // namespace stripe
